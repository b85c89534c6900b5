// Parent links into a forest. Records whose parent is not among them are roots; cycles are cut.

export interface TreeItem {
    id: string;
    parent: string | null;
    /** Milliseconds. */
    start: number;
}

export interface Tree<T extends TreeItem> {
    item: T;
    parent: Tree<T> | null;
    children: Tree<T>[];
    depth: number;
}

/** Roots in order of start; children of every node in order of start. */
export function buildForest<T extends TreeItem>(items: Iterable<T>): Tree<T>[] {
    return buildTree(items).roots;
}

/** The same, with the nodes by id. */
export function buildTree<T extends TreeItem>(items: Iterable<T>): { roots: Tree<T>[]; nodes: Map<string, Tree<T>> } {
    const nodes = new Map<string, Tree<T>>();
    for (const item of items) nodes.set(item.id, { item, parent: null, children: [], depth: 0 });
    const roots: Tree<T>[] = [];
    for (const node of nodes.values()) {
        const parent = node.item.parent === null ? undefined : nodes.get(node.item.parent);
        if (parent && parent !== node && !isBelow(parent, node)) {
            node.parent = parent;
            parent.children.push(node);
        } else {
            roots.push(node);
        }
    }
    sortNodes(roots);
    const stack = [...roots];
    for (let node = stack.pop(); node; node = stack.pop()) {
        if (node.children.length > 1) sortNodes(node.children);
        for (const child of node.children) {
            child.depth = node.depth + 1;
            stack.push(child);
        }
    }
    return { roots, nodes };
}

/** Whether `node` lies below `ancestor` by the links made so far; bounded by the depth of the tree. */
function isBelow<T extends TreeItem>(node: Tree<T>, ancestor: Tree<T>): boolean {
    // Only a node that already has children can close a cycle.
    if (ancestor.children.length === 0) return false;
    for (let at: Tree<T> | null = node; at; at = at.parent) if (at === ancestor) return true;
    return false;
}

function sortNodes<T extends TreeItem>(nodes: Tree<T>[]): void {
    nodes.sort((a, b) => a.item.start - b.item.start || (a.item.id < b.item.id ? -1 : 1));
}

/** Every node, parents before children. */
export function* walk<T extends TreeItem>(roots: readonly Tree<T>[]): Generator<Tree<T>> {
    const stack = [...roots].reverse();
    for (let node = stack.pop(); node; node = stack.pop()) {
        yield node;
        for (let i = node.children.length - 1; i >= 0; i -= 1) stack.push(node.children[i]!);
    }
}

export interface Link {
    id: string;
    parent: string | null;
}

/** The ids below one, by parent links alone; the id itself is not among them. */
export function descendants(links: readonly Link[], id: string): Set<string> {
    const children = new Map<string, string[]>();
    for (const link of links) {
        if (link.parent === null) continue;
        const list = children.get(link.parent);
        if (list) list.push(link.id);
        else children.set(link.parent, [link.id]);
    }
    const found = new Set<string>();
    const stack = [id];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
        for (const child of children.get(at) ?? []) {
            if (child === id || found.has(child)) continue;
            found.add(child);
            stack.push(child);
        }
    }
    return found;
}
