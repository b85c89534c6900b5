export interface SortColumn {
    id: string;
    label: string;
    title: string;
    isText?: boolean;
}

/** A column's head that sorts by it; a second press turns the order around. */
export function SortHead({ column, sort, onSort }: { column: SortColumn; sort: { column: string; descending: boolean }; onSort(sort: { column: string; descending: boolean }): void }) {
    const isOn = column.id === sort.column;
    return (
        <th className={column.isText ? "" : "num"} aria-sort={isOn ? (sort.descending ? "descending" : "ascending") : "none"}>
            <button type="button" title={column.title} onClick={() => onSort({ column: column.id, descending: isOn ? !sort.descending : !column.isText })}>
                {column.label}
                <span className="sort-mark" aria-hidden="true">
                    {isOn ? (sort.descending ? "↓" : "↑") : ""}
                </span>
            </button>
        </th>
    );
}
