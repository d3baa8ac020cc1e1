/* A timeline: each dot is at its year, moved aside where dots would overlap. */
import { element, focusedIn, mounted, onResize } from '../../ui/browser/base.js';

export default (component) =>
  mounted(component, (own, data, root) => {
    const { cards, words } = data;
    own.at = Math.min(own.at ?? 0, cards.length - 1);
    const draw = () => {
      const room = Math.min(root.clientWidth || 600, 760) - 40,
        size = Math.min(26, Math.floor(room / cards.length) - 2);
      const first = cards[0].year,
        last = cards[cards.length - 1].year;
      const positions = cards.map((card) => (room * (card.year - first)) / (last - first || 1));
      for (let k = 1; k < positions.length; k++) positions[k] = Math.max(positions[k], positions[k - 1] + size + 2);
      for (let k = positions.length - 1, limit = room; k >= 0; k--, limit = positions[k + 1] - size - 2)
        positions[k] = Math.min(positions[k], limit);
      const line = element('div', {
        class: 'years',
        tabindex: '0',
        role: 'application',
        'aria-label': data.title,
        style: `width: ${room + 36}px`,
      });
      const dots = cards.map((card, k) => {
        const dot = element('span', {
          class: 'year-dot',
          'aria-hidden': 'true',
          style: `left: ${positions[k] + 4}px; width: ${size}px; height: ${size}px; --tone: var(--${card.tone})`,
        });
        dot.onpointermove = dot.onpointerdown = () => go(k);
        line.append(dot);
        return dot;
      });
      for (const k of [0, cards.length - 1])
        line.append(
          element(
            'span',
            { class: 'year-end', 'aria-hidden': 'true', style: k ? 'right: 0' : 'left: 0' },
            String(cards[k].year),
          ),
        );
      const card = element('div', { class: 'card' }),
        announcement = element('output', { class: 'only-heard', 'aria-live': 'polite' });
      const go = (to) => {
        own.at = (to + cards.length) % cards.length;
        dots.forEach((dot, k) => dot.classList.toggle('chosen', k === own.at));
        const one = cards[own.at];
        card.style.setProperty('--tone', `var(--${one.tone})`);
        card.replaceChildren(
          element('p', { class: 'card-head' }, element('b', {}, String(one.year)), one.kind ? ` · ${one.kind}` : ''),
          element('p', { class: 'card-title' }, one.title),
          element('p', {}, one.text),
        );
        announcement.textContent = `${one.year}, ${one.title}. ${one.text}`;
        root.dataset.value = `${one.year} ${one.title}`;
      };
      line.onkeydown = (event) => {
        const to = {
          ArrowRight: own.at + 1,
          ArrowDown: own.at + 1,
          ArrowLeft: own.at - 1,
          ArrowUp: own.at - 1,
          Home: 0,
          End: cards.length - 1,
        }[event.key];
        if (to !== undefined) {
          event.preventDefault();
          go(to);
        }
      };
      const open = root.querySelector('details')?.open ?? false,
        focused = focusedIn(root)?.classList?.contains('years');
      const list = element(
        'ol',
        { class: 'card-list' },
        cards.map((one) => element('li', {}, element('b', {}, `${one.year}: ${one.title}. `), one.text)),
      );
      const all = element('details', {}, element('summary', {}, words.table), list);
      all.open = open;
      root.replaceChildren(
        element('div', { class: 'panel' }, element('h4', {}, data.title), line),
        card,
        element('p', { class: 'tip' }, words.keys),
        announcement,
        all,
      );
      if (focused) line.focus();
      go(own.at);
    };
    draw();
    onResize(own, root, draw);
  });
