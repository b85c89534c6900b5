import { setParams } from "../app/router";
import { Kbd } from "./basic";
import { Icon } from "./Icon";

/** The box of a page's top bar whose text is a parameter of the address. `/` leads to it. */
export function FilterBox({ label, text, param = "filter" }: { label: string; text: string; param?: string }) {
    return (
        <div className="search">
            <Kbd>/</Kbd>
            <input data-search type="text" aria-label={label} placeholder={`${label}…`} spellCheck={false} value={text} onChange={(event) => setParams({ [param]: event.target.value }, { replace: true })} />
            {text !== "" && (
                <button type="button" className="icon-button" aria-label="Clear the filter" onClick={() => setParams({ [param]: null })}>
                    <Icon name="close" size={12} />
                </button>
            )}
        </div>
    );
}
