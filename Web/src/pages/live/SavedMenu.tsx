import { FormEvent, useState } from "react";
import { useApp } from "../../app/context";
import { setParams } from "../../app/router";
import { Icon } from "../../components/Icon";
import { MenuItem, Popover } from "../../components/Popover";
import { changesTo, removeSearch, savedSearches, saveSearch, searchOf, suggestName } from "./saved";

/** Saved searches: names for filters, to come back to. */
export function SavedMenu() {
    const { params, organization, project } = useApp();
    const key = `${organization}/${project}`;
    const present = searchOf(params);
    const isSaved = present !== "" && savedSearches(key).some((s) => s.params === present);
    return (
        <Popover className="icon-button saved-button pill-icon" align="right" title="Saved searches" label={<Icon name={isSaved ? "starred" : "star"} size={13} />}>
            {(close) => <Menu projectKey={key} present={present} onClose={close} />}
        </Popover>
    );
}

function Menu({ projectKey, present, onClose }: { projectKey: string; present: string; onClose(): void }) {
    const { params } = useApp();
    const [list, setList] = useState(() => savedSearches(projectKey));
    const [name, setName] = useState(() => suggestName(params));
    const [isKept, setKept] = useState(true);
    const submit = (event: FormEvent) => {
        event.preventDefault();
        if (name.trim() === "") return;
        const ok = saveSearch(projectKey, { name: name.trim(), params: present });
        setKept(ok);
        setList(savedSearches(projectKey));
    };
    return (
        <div className="saved-menu">
            {present !== "" && !list.some((s) => s.params === present) && (
                <form onSubmit={submit}>
                    <input type="text" aria-label="Name of this search" placeholder="Name of this search" value={name} onChange={(event) => setName(event.target.value)} />
                    <button type="submit" className="button" disabled={name.trim() === ""}>
                        Save
                    </button>
                </form>
            )}
            {!isKept && <p className="menu-note">This browser stores nothing for this site, so the search cannot be kept.</p>}
            {list.length > 0 ? (
                <div role="menu" aria-label="Saved searches">
                    {list.map((s) => (
                        <div key={s.name} className="saved-row">
                            <MenuItem
                                checked={s.params === present}
                                onSelect={() => {
                                    setParams(changesTo(s.params));
                                    onClose();
                                }}
                            >
                                {s.name}
                            </MenuItem>
                            <button
                                type="button"
                                className="icon-button"
                                aria-label={`Remove the saved search ${s.name}`}
                                title="Remove"
                                onClick={() => {
                                    removeSearch(projectKey, s.name);
                                    setList(savedSearches(projectKey));
                                }}
                            >
                                <Icon name="close" size={11} />
                            </button>
                        </div>
                    ))}
                </div>
            ) : (
                <p className="menu-note">{present === "" ? "Filter the list, then save the filter here under a name. Saved searches are also in the command palette." : "No search is saved yet."}</p>
            )}
        </div>
    );
}
