/* Where everything of a network's drawing lies, in pixels: one column a layer, its feature maps as tiles, long networks
   folded, and beside an opened map the other columns narrow. Pure arithmetic, no DOM. */

/**
 * @typedef {{ layers: string[], shown: string, main: string, kind: string, shape: number[], sources: string[],
 *   column: number, lane: number, title?: string, about: Record<string, string>,
 *   op?: { reads?: number[][] | null } }} Group
 *   layers that are drawn as one (core/network/columns.py)
 * @typedef {{ map: number, x: number, y: number }} Tile
 * @typedef {{ group: Group, x: number, y: number, width: number, height: number, size: number, tiles: Tile[],
 *   hidden: number, strip: { columns: number, cell: number } | null, compact: boolean, lanes: number }} Placed
 *   a group's picture: tiles of `size`, or one strip of cells; `hidden` maps are not shown; `lanes`: 1, or how many
 *   paths share the height
 * @typedef {{ from: string, to: string, x1: number, y1: number, x2: number, y2: number }} Edge
 * @typedef {{ width: number, height: number, top: number, placed: Record<string, Placed>, edges: Edge[],
 *   panel: { x: number, width: number } | null, fold: { x: number, width: number, columns: number[] } | null }} Plan
 */
export const MOST_TILES = 12;
const MOST_COLUMNS = 12,
  LARGEST_TILES = [60, 50, 42],
  NARROW_TILE = 36,
  SMALLEST_TILE = 26,
  LANE_CAPTION = 42,
  LETTER = 7.3,
  WIDEST_TITLE = 100,
  NARROWEST_COLUMN = 74;

/**
 * @typedef {{ groups: Group[], room: number, height: number, top: number, open?: string | null, panel?: number,
 *   expanded?: string[], unfolded?: boolean, feet?: number[] }} Wanted
 *   `room`: the width there is; `height` of the tiles' area below `top` pixels for the names; `open`: the group whose
 *   map is open, in a panel `panel` wide before it, or at the end if it is that of the scores; `expanded`: groups that
 *   show all their maps; `feet`: the heights at which the scores read the last columns
 */

/**
 * With the largest tiles that fit into the room; at worst one below the other, and wider than the room.
 * @param {Wanted} wanted
 * @returns {Plan}
 */
export function arranged(wanted) {
  for (const largest of LARGEST_TILES) {
    const plan = arrangedWith(wanted, largest, false);
    if (plan.width <= wanted.room + 1) return plan;
  }
  return arrangedWith(wanted, NARROW_TILE, true);
}

/**
 * @param {Wanted} wanted
 * @param {number} largest tile
 * @param {boolean} single whether tiles lie one below the other
 * @returns {Plan}
 */
function arrangedWith(
  { groups, room, height, top, open = null, panel = 0, expanded = [], unfolded = false, feet = [] },
  largest,
  single,
) {
  const last = Math.max(0, ...groups.map((group) => group.column)),
    lanesInAll = 1 + Math.max(0, ...groups.map((group) => group.lane));
  const folded = unfolded || last <= MOST_COLUMNS ? [] : foldedColumns(groups, last, open);
  /** @type {Record<string, Placed>} */
  const placed = {};
  const slots = [];
  for (let column = 1; column <= last; column++) {
    const here = groups.filter((group) => group.column === column);
    if (folded.includes(column)) {
      if (column === folded[0]) slots.push({ width: 46, fold: true, panel: false, here: [] });
      continue;
    }
    const compact = open !== null && !here.some((group) => group.shown === open);
    const slim = single || (open !== null && !compact),
      lanes = here.length > 1 || here.some((group) => group.lane > 0) ? lanesInAll : 1;
    const pictures = here.map((group) =>
      picture(group, lanes, height, { compact, slim, all: expanded.includes(group.shown), largest }),
    );
    if (here.some((group) => group.shown === open)) slots.push({ width: panel, fold: false, panel: true, here: [] });
    const widest = Math.max(...pictures.map((one) => one.width)),
      letters = Math.max(...here.map((group) => (group.title ?? '').length));
    slots.push({
      width: compact
        ? Math.max(26, widest)
        : open !== null
          ? Math.max(44, widest)
          : Math.max(NARROWEST_COLUMN, widest, Math.min(WIDEST_TITLE, letters * LETTER)),
      fold: false,
      panel: false,
      here: pictures,
    });
  }
  if (open !== null && groups.every((group) => group.shown !== open))
    slots.push({ width: panel, fold: false, panel: true, here: [] });
  const taken = slots.reduce((sum, slot) => sum + slot.width, 0),
    least = open === null ? 26 : 9;
  const gap = Math.max(least, (room - taken) / (slots.length + 1));
  let x = gap;
  /** @type {Plan['panel']} */
  let opened = null;
  /** @type {Plan['fold']} */
  let fold = null;
  for (const slot of slots) {
    if (slot.panel) opened = { x, width: slot.width };
    if (slot.fold) fold = { x, width: slot.width, columns: folded };
    stack(slot.here, x, slot.width, top, height);
    for (const one of slot.here) placed[one.group.shown] = one;
    x += slot.width + gap;
  }
  const plan = { width: Math.max(x, 0), height: top + height, top, placed, panel: opened, fold };
  return { ...plan, edges: edges(groups, plan, feet) };
}

/**
 * The columns in the middle of a long network, of which none is open and none has parallel lanes around it.
 * @param {Group[]} groups
 * @param {number} last
 * @param {string | null} open
 */
function foldedColumns(groups, last, open) {
  const kept = new Set([1, 2, 3, 4, last - 3, last - 2, last - 1, last]);
  const opened = groups.find((group) => group.shown === open);
  if (opened) [opened.column - 1, opened.column, opened.column + 1].forEach((column) => kept.add(column));
  const rest = Array.from({ length: last }, (_, k) => k + 1).filter((column) => !kept.has(column));
  return rest.filter((column, k) => column === rest[0] + k);
}

/**
 * A group's picture at 0, 0.
 * @param {Group} group
 * @param {number} lanes
 * @param {number} height
 * @param {{ compact: boolean, slim: boolean, all: boolean, largest: number }} how small and out of the way; one below
 *   the other; with all its maps; the largest tile
 * @returns {Placed}
 */
function picture(group, lanes, height, { compact, slim, all, largest }) {
  const area = (height - (lanes - 1) * LANE_CAPTION) / lanes;
  const count = group.shape[0];
  if (group.shape.length === 1) {
    const rows = count <= 16 ? count : count <= 128 ? 20 : Math.min(count, 40);
    const columns = Math.min(compact ? 4 : 16, Math.ceil(count / rows));
    const cell = Math.max(
      3,
      Math.min(compact ? 7 : 13, Math.floor(area / rows), Math.floor((compact ? 28 : 96) / columns)),
    );
    const shown = Math.min(count, columns * rows);
    const strip = { columns, cell },
      tall = Math.ceil(shown / columns) * cell;
    return bare(group, {
      width: columns * cell,
      height: tall,
      size: cell,
      strip,
      hidden: count - shown,
      compact,
      lanes,
    });
  }
  const most = lanes === 1 ? MOST_TILES : lanes === 2 ? 6 : 4;
  const shown = all && !compact ? count : Math.min(count, most);
  const across = compact || (slim && lanes === 1 && shown <= MOST_TILES) ? 1 : acrossFor(shown, lanes);
  const down = Math.ceil(shown / across),
    between = compact ? 3 : 7;
  const size = compact
    ? Math.max(8, Math.min(26, Math.floor(area / down) - between))
    : Math.max(SMALLEST_TILE, Math.min(largest, Math.floor(area / down) - between));
  const tiles = Array.from({ length: shown }, (_, map) => ({
    map,
    x: (map % across) * (size + between),
    y: Math.floor(map / across) * (size + between),
  }));
  const extent = (/** @type {number} */ n) => n * (size + between) - between;
  return bare(group, {
    width: extent(across),
    height: extent(down),
    size,
    tiles,
    hidden: count - shown,
    compact,
    lanes,
  });
}

/**
 * How many tiles lie side by side.
 * @param {number} shown
 * @param {number} lanes
 */
function acrossFor(shown, lanes) {
  if (lanes > 1) return Math.min(shown, 2);
  if (shown <= 8) return 1;
  return shown <= MOST_TILES ? 2 : Math.ceil(shown / 8);
}

/**
 * @param {Group} group
 * @param {Partial<Placed>} parts
 * @returns {Placed}
 */
function bare(group, parts) {
  return {
    x: 0,
    y: 0,
    width: 0,
    height: 0,
    size: 0,
    tiles: [],
    hidden: 0,
    strip: null,
    compact: false,
    lanes: 1,
    ...parts,
    group,
  };
}

/**
 * Moves the pictures of one column into their lanes, in the middle of its width and of the height.
 * @param {Placed[]} pictures
 * @param {number} x
 * @param {number} width
 * @param {number} top
 * @param {number} height
 */
function stack(pictures, x, width, top, height) {
  for (const one of pictures) {
    const { lanes, group } = one,
      area = (height - (lanes - 1) * LANE_CAPTION) / lanes,
      lane = lanes > 1 ? group.lane : 0;
    one.x = x + (width - one.width) / 2;
    one.y = top + lane * (area + LANE_CAPTION) + Math.max(0, (area - one.height) / 2);
    for (const tile of one.tiles) {
      tile.x += one.x;
      tile.y += one.y;
    }
  }
}

/**
 * Which tile feeds which. The image lies at the left edge, the scores at the right one.
 * @param {Group[]} groups
 * @param {Omit<Plan, 'edges'>} plan
 * @param {number[]} feet
 * @returns {Edge[]}
 */
function edges(groups, plan, feet) {
  const middle = plan.top + (plan.height - plan.top) / 2;
  /** @type {Edge[]} */
  const result = [];
  /** @type {(name: string) => { key: string, left: number, right: number, y: number, map: number }[]} */
  const ends = (name) => {
    const one = plan.placed[name];
    if (name === 'input') return [{ key: 'input', left: 0, right: 0, y: middle, map: 0 }];
    if (!one) return [];
    if (one.strip) return [{ key: name, left: one.x, right: one.x + one.width, y: one.y + one.height / 2, map: -1 }];
    return one.tiles.map((tile) => ({
      key: `${name}:${tile.map}`,
      left: tile.x,
      right: tile.x + one.size,
      y: tile.y + one.size / 2,
      map: tile.map,
    }));
  };
  for (const group of groups) {
    const to = ends(group.shown);
    for (const source of group.sources)
      for (const a of ends(source))
        for (const b of to)
          if (feeds(group, a.map, b.map, source, groups))
            result.push({ from: a.key, to: b.key, x1: a.right, y1: a.y, x2: b.left, y2: b.y });
  }
  const read = new Set(groups.flatMap((group) => group.sources)),
    unread = groups.map((group) => group.shown).filter((name) => !read.has(name));
  for (const name of groups.length ? unread : ['input'])
    for (const a of ends(name))
      feet.forEach((y, k) =>
        result.push({ from: a.key, to: `score:${k}`, x1: a.right, y1: a.y, x2: plan.width, y2: y }),
      );
  return result;
}

/**
 * Whether map `from` of a source is read for map `to` of a group; -1 stands for all of a strip.
 * @param {Group} group
 * @param {number} from
 * @param {number} to
 * @param {string} source
 * @param {Group[]} groups
 */
export function feeds(group, from, to, source, groups) {
  if (source === 'input') return true;
  if (from < 0 || to < 0) return true;
  if (group.op?.reads) return group.op.reads[to].includes(from);
  if (['conv2d', 'locally_connected', 'dense'].includes(group.kind)) return true;
  if (group.kind !== 'branches') return from === to;
  let first = 0;
  for (const one of group.sources) {
    if (one === source && from + first === to) return true;
    first += groups.find((other) => other.shown === one)?.shape[0] ?? 0;
  }
  return false;
}

/**
 * A thin curve between two columns.
 * @param {Edge} edge
 */
export function curve({ x1, y1, x2, y2 }) {
  const bend = Math.min(60, (x2 - x1) / 2),
    points = [x1, y1, x1 + bend, y1, x2 - bend, y2, x2, y2].map((v) => v.toFixed(1));
  return `M${points.slice(0, 2).join(' ')}C${points.slice(2).join(' ')}`;
}
