"""The network drawn, each layer a block that mouse and keyboard can move, double and remove."""

import streamlit as st

from core.drafts.validation import Report
from core.figures.blocks import input_block, layer_block, waiting_block
from core.network.costs import Cost
from core.network.shapes import shape_text
from pages.parts.session.state import Lab


_HTML = """
<p class="hint" id="convscope-network-hint"></p>
<ol aria-label="Layers of the network" aria-describedby="convscope-network-hint"></ol>
<p class="about"></p>
<p class="live" aria-live="assertive"></p>
"""

_JS = """
const seen = new WeakMap();
const steps = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export default function ({ parentElement, data, setTriggerValue }) {
  const find = (what) => parentElement.querySelector(what);
  const list = find('ol'), about = find('.about'), live = find('.live');
  let own = seen.get(parentElement);
  if (!own) { own = { chosen: null }; seen.set(parentElement, own); }
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
  const tell = (ticket) => { about.textContent = item(ticket)?.about ?? own.data.start; };
  const put = (ticket, to) => {
    const now = order(), others = now.filter((one) => one !== ticket);
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
    const now = order(), place = now.indexOf(ticket);
    own.want = now[place + 1] ?? now[place - 1];
    live.textContent = `${item(ticket).name} is removed`;
    send({ remove: ticket });
  };
  const double = (ticket) => {
    own.place = order().indexOf(ticket) + 1;
    live.textContent = `${item(ticket).name} is there twice`;
    send({ duplicate: ticket });
  };
  const open = (ticket) => {
    const card = document.querySelector(`.st-key-layer-${ticket}`);
    card?.scrollIntoView({ block: 'center' });
    card?.querySelector('input, button')?.focus({ preventScroll: true });
  };

  const draw = () => {
    const focused = list.contains(document.activeElement);
    list.innerHTML = `<li class="input">${data.input}</li>` + data.items.map((one) =>
      `<li class="layer" data-ticket="${one.ticket}"><button type="button" data-ticket="${one.ticket}">${one.html}</button></li>`
    ).join('');
    for (const block of blocks()) block.setAttribute('aria-label', item(Number(block.dataset.ticket)).label);
    const now = order();
    const there = own.place !== undefined ? now[Math.min(own.place, now.length - 1)] : own.want ?? own.chosen;
    choose(now.includes(there) ? there : now[0], focused && now.includes(there));
    own.want = own.place = undefined;
  };
  const drawn = JSON.stringify([data.input, data.items]);
  const tickets = data.items.map((one) => one.ticket);
  const old = own.sent && Date.now() < own.sent.until && String(tickets) !== own.sent.order
    && String([...tickets].sort()) === String(own.sent.order.split(',').map(Number).sort());
  if (own.drawn !== drawn && !old) { own.drawn = drawn; own.sent = null; draw(); }

  list.onfocusin = null;
  list.onfocus = null;
  list.onkeydown = (event) => {
    const ticket = Number(event.target.closest('button')?.dataset.ticket), now = order(), place = now.indexOf(ticket);
    if (place < 0 || event.ctrlKey || event.metaKey) return;
    const by = steps[event.key];
    if (by && event.altKey) put(ticket, Math.min(Math.max(place + by, 0), now.length - 1));
    else if (event.altKey) return;
    else if (by) choose(now[Math.min(Math.max(place + by, 0), now.length - 1)], true);
    else if (event.key === 'Home') choose(now[0], true);
    else if (event.key === 'End') choose(now.at(-1), true);
    else if (event.key === 'Delete' || event.key === 'Backspace') remove(ticket);
    else if (event.key === 'd' || event.key === 'D') double(ticket);
    else if (event.key === 'Enter') open(ticket);
    else return;
    event.preventDefault(); event.stopPropagation();
  };
  const ticketAt = (event) => Number(event.target.closest('button')?.dataset.ticket);
  list.onmouseover = (event) => { const ticket = ticketAt(event); if (ticket) tell(ticket); };
  list.onmouseleave = () => tell(own.chosen);
  list.ondblclick = (event) => { const ticket = ticketAt(event); if (ticket) open(ticket); };
  list.onclick = (event) => { const ticket = ticketAt(event); if (ticket) choose(ticket, true); };
  list.onpointerdown = (event) => {
    const ticket = ticketAt(event);
    if (ticket && event.button === 0) own.drag = { ticket, x: event.clientX, y: event.clientY, to: null };
  };

  const marks = () => list.querySelectorAll('.before, .behind').forEach((li) => li.classList.remove('before', 'behind'));
  const end = () => { marks(); list.classList.remove('dragging'); own.drag = null; };
  own.stop?.();
  const move = (event) => {
    const drag = own.drag;
    if (!drag) return;
    if (drag.to === null && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 6) return;
    event.preventDefault();
    list.classList.add('dragging');
    const all = [...list.querySelectorAll('li.layer')], boxes = all.map((li) => li.getBoundingClientRect());
    let at = boxes.findIndex((box) => event.clientY < box.top
      || (event.clientY < box.bottom && event.clientX < box.left + box.width / 2));
    if (at < 0) at = all.length;
    marks();
    if (at < all.length) all[at].classList.add('before'); else all.at(-1).classList.add('behind');
    const from = order().indexOf(drag.ticket);
    drag.to = at > from ? at - 1 : at;
  };
  const up = () => { const drag = own.drag; if (!drag) return; end(); if (drag.to !== null) put(drag.ticket, drag.to); };
  const typing = () => document.activeElement?.matches('input, textarea, [contenteditable]');
  const key = (event) => {
    if (event.key === 'Escape' && own.drag) end();
    if (event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey) || event.altKey || typing()) return;
    event.preventDefault();
    send({ [event.shiftKey ? 'redo' : 'undo']: true });
  };
  addEventListener('pointermove', move); addEventListener('pointerup', up);
  addEventListener('pointercancel', end); addEventListener('keydown', key);
  own.stop = () => {
    removeEventListener('pointermove', move); removeEventListener('pointerup', up);
    removeEventListener('pointercancel', end); removeEventListener('keydown', key);
  };
  return () => { own.stop(); own.stop = null; };
}
"""

_CSS = """
.hint, .about { margin: 0; font-size: .875rem; line-height: 1.45; color: var(--st-text-color); max-width: 720px; }
.hint { opacity: .75; }
.about { min-height: 4.4em; margin-top: .5rem; white-space: pre-line; }
.live { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); margin: 0; }
ol { list-style: none; display: flex; flex-wrap: wrap; align-items: flex-end; gap: .6rem .25rem; margin: .6rem 0 0; padding: 0;
  color: var(--st-text-color); font-family: var(--st-font); }
li { margin: 0; padding: 0; border-radius: var(--st-base-radius); position: relative; }
li.input { padding: .35rem .4rem; border: 1px solid transparent; }
li button { all: unset; box-sizing: border-box; display: block; cursor: grab; padding: .35rem .4rem; touch-action: pan-y; user-select: none;
  border: 1px solid transparent; border-radius: var(--st-base-radius); }
li button:hover { border-color: var(--st-border-color); background: var(--st-secondary-background-color); }
li button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
ol.dragging, ol.dragging button { cursor: grabbing; }
li.before::before, li.behind::after { content: ''; position: absolute; top: 0; bottom: 0; width: 3px; border-radius: 2px;
  background: var(--st-primary-color); }
li.before::before { left: -4px; } li.behind::after { right: -4px; }
"""

_HINT = (
    "Drag a block to another place. By keyboard: arrows choose, Alt + arrows move, D doubles, Delete removes, "
    "Enter opens the settings, Ctrl + Z undoes."
)
_START = "Point at a block to see its arithmetic."

_VIEW = st.components.v2.component("convscope_network", html=_HTML, css=_CSS, js=_JS, isolate_styles=False)


def network_view(lab: Lab, report: Report, kinds: dict[str, str]) -> None:
    """`kinds`: what a kind of layer is called. Ctrl+Z is heard here, for a field that is being typed in has its own."""
    draft = lab.draft
    bills = {bill.step.layer.name: bill for bill in report.bills}
    items = []
    for place, row in enumerate(draft.rows):
        name, kind = draft.name(place), kinds[row.layer["kind"]]
        bill = bills.get(name) if place < len(report.outer) else None
        about = _about(bill) if bill else "has no shape yet: a layer waits to be mended."
        shape = shape_text(bill.step.output) if bill else "no shape yet"
        items.append(
            {
                "ticket": row.ticket,
                "name": name,
                "html": layer_block(bill, draft.shape) if bill else waiting_block(name),
                "label": f"{name}, {kind}, layer {place + 1} of {len(draft.rows)}, {shape}",
                "about": f"{name} ({kind}) {about}",
            }
        )
    data = {"input": input_block(draft.shape), "items": items, "hint": _HINT, "start": _START}
    _VIEW(key="network", data=data, on_act_change=lambda: _act(lab))


def _act(lab: Lab) -> None:
    """What was done to a block; of layers that are gone by now, nothing."""
    draft, act = lab.draft, st.session_state["network"].act or {}
    match act:
        case {"order": tickets}:
            draft.reorder(tickets)
        case {"remove": ticket} if (place := draft.place_of(ticket)) is not None:
            draft.remove(place)
        case {"duplicate": ticket} if (place := draft.place_of(ticket)) is not None:
            draft.duplicate(place)
        case {"undo": True}:
            lab.undo()
        case {"redo": True}:
            lab.redo()


def _about(bill: Cost) -> str:
    """The arithmetic of the shape, then what it costs."""
    lines = [f"gives {shape_text(bill.step.output)}: {bill.step.arithmetic.replace('->', '→')}"]
    if bill.step.rows:
        lines.append(f"parameters of all inside {bill.parameters_inside:,}")
    if bill.parameters:
        lines.append(f"parameters {bill.parameter_text}; multiply-adds a picture {bill.multiply_adds:,}")
    if bill.receptive_field and bill.receptive_field != (1, 1):
        lines.append(f"each output sees {shape_text(bill.receptive_field)} of the input")
    return "\n".join(lines)
