/* The network as a drawing: each layer is a block to move, duplicate or remove by mouse or keyboard. */

const seen = new WeakMap();
const steps = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export default function ({ parentElement, data, setTriggerValue }) {
  const find = (what) => parentElement.querySelector(what);
  const list = find('ol'),
    about = find('.about'),
    live = find('.live');
  let own = seen.get(parentElement);
  if (!own) {
    own = { chosen: null };
    seen.set(parentElement, own);
  }
  own.data = data;
  find('.hint').textContent = data.hint;

  const blocks = () => [...list.querySelectorAll('button')];
  const order = () => blocks().map((block) => Number(block.dataset.ticket));
  const item = (ticket) => own.data.items.find((one) => one.ticket === ticket);
  const send = (act) => setTriggerValue('act', act);
  const choose = (ticket, focus) => {
    own.chosen = ticket;
    for (const block of blocks()) {
      const is = Number(block.dataset.ticket) === ticket;
      block.tabIndex = is ? 0 : -1;
      if (is && focus) block.focus();
    }
    tell(ticket);
  };
  const tell = (ticket) => {
    about.textContent = item(ticket)?.about ?? own.data.start;
  };
  const put = (ticket, to) => {
    const now = order(),
      others = now.filter((one) => one !== ticket);
    others.splice(to, 0, ticket);
    if (String(others) === String(now)) return;
    own.sent = { order: String(others), until: Date.now() + 1500 };
    const held = Object.fromEntries([...list.querySelectorAll('li.layer')].map((li) => [li.dataset.ticket, li]));
    list.append(...others.map((one) => held[one]));
    choose(ticket, true);
    live.textContent = `${item(ticket).name} is now layer ${to + 1} of ${others.length}`;
    send({ order: others });
  };
  const remove = (ticket) => {
    const now = order(),
      place = now.indexOf(ticket);
    own.want = now[place + 1] ?? now[place - 1];
    live.textContent = `${item(ticket).name} has been removed`;
    send({ remove: ticket });
  };
  const duplicate = (ticket) => {
    own.place = order().indexOf(ticket) + 1;
    live.textContent = `${item(ticket).name} has been duplicated`;
    send({ duplicate: ticket });
  };
  const open = (ticket) => {
    const card = document.querySelector(`.st-key-layer-${ticket}`);
    card?.scrollIntoView({ block: 'center' });
    /** @type {HTMLElement | null | undefined} */ (card?.querySelector('input, button'))?.focus({
      preventScroll: true,
    });
  };

  const draw = () => {
    const focused = list.contains(document.activeElement);
    list.innerHTML =
      `<li class="input">${data.input}</li>` +
      data.items
        .map(
          (one) =>
            `<li class="layer" data-ticket="${one.ticket}">` +
            `<button type="button" data-ticket="${one.ticket}">${one.html}</button></li>`,
        )
        .join('');
    for (const block of blocks()) block.setAttribute('aria-label', item(Number(block.dataset.ticket)).label);
    const now = order();
    const there = own.place !== undefined ? now[Math.min(own.place, now.length - 1)] : (own.want ?? own.chosen);
    choose(now.includes(there) ? there : now[0], focused && now.includes(there));
    own.want = own.place = undefined;
  };
  const drawn = JSON.stringify([data.input, data.items]);
  const tickets = data.items.map((one) => one.ticket);
  const old =
    own.sent &&
    Date.now() < own.sent.until &&
    String(tickets) !== own.sent.order &&
    String([...tickets].sort()) === String(own.sent.order.split(',').map(Number).sort());
  if (own.drawn !== drawn && !old) {
    own.drawn = drawn;
    own.sent = null;
    draw();
  }

  list.onfocusin = null;
  list.onfocus = null;
  list.onkeydown = (event) => {
    const ticket = Number(event.target.closest('button')?.dataset.ticket),
      now = order(),
      place = now.indexOf(ticket);
    if (place < 0 || event.ctrlKey || event.metaKey) return;
    const by = steps[event.key];
    if (by && event.altKey) put(ticket, Math.min(Math.max(place + by, 0), now.length - 1));
    else if (event.altKey) return;
    else if (by) choose(now[Math.min(Math.max(place + by, 0), now.length - 1)], true);
    else if (event.key === 'Home') choose(now[0], true);
    else if (event.key === 'End') choose(now.at(-1), true);
    else if (event.key === 'Delete' || event.key === 'Backspace') remove(ticket);
    else if (event.key === 'd' || event.key === 'D') duplicate(ticket);
    else if (event.key === 'Enter') open(ticket);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const ticketAt = (event) => Number(event.target.closest('button')?.dataset.ticket);
  list.onmouseover = (event) => {
    const ticket = ticketAt(event);
    if (ticket) tell(ticket);
  };
  list.onmouseleave = () => tell(own.chosen);
  list.ondblclick = (event) => {
    const ticket = ticketAt(event);
    if (ticket) open(ticket);
  };
  list.onclick = (event) => {
    const ticket = ticketAt(event);
    if (ticket) choose(ticket, true);
  };
  list.onpointerdown = (event) => {
    const ticket = ticketAt(event);
    if (ticket && event.button === 0) own.drag = { ticket, x: event.clientX, y: event.clientY, to: null };
  };

  const marks = () =>
    list.querySelectorAll('.before, .behind').forEach((li) => li.classList.remove('before', 'behind'));
  const end = () => {
    marks();
    list.classList.remove('dragging');
    own.drag = null;
  };
  own.stop?.();
  const move = (event) => {
    const drag = own.drag;
    if (!drag) return;
    if (drag.to === null && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 6) return;
    event.preventDefault();
    list.classList.add('dragging');
    const all = [...list.querySelectorAll('li.layer')],
      boxes = all.map((li) => li.getBoundingClientRect());
    let at = boxes.findIndex(
      (box) => event.clientY < box.top || (event.clientY < box.bottom && event.clientX < box.left + box.width / 2),
    );
    if (at < 0) at = all.length;
    marks();
    if (at < all.length) all[at].classList.add('before');
    else all.at(-1).classList.add('behind');
    const from = order().indexOf(drag.ticket);
    drag.to = at > from ? at - 1 : at;
  };
  const up = () => {
    const drag = own.drag;
    if (!drag) return;
    end();
    if (drag.to !== null) put(drag.ticket, drag.to);
  };
  const typing = () => document.activeElement?.matches('input, textarea, [contenteditable]');
  const key = (event) => {
    if (event.key === 'Escape' && own.drag) end();
    if (event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey) || event.altKey || typing()) return;
    event.preventDefault();
    send({ [event.shiftKey ? 'redo' : 'undo']: true });
  };
  addEventListener('pointermove', move);
  addEventListener('pointerup', up);
  addEventListener('pointercancel', end);
  addEventListener('keydown', key);
  own.stop = () => {
    removeEventListener('pointermove', move);
    removeEventListener('pointerup', up);
    removeEventListener('pointercancel', end);
    removeEventListener('keydown', key);
  };
  return () => {
    own.stop();
    own.stop = null;
  };
}
