import { ReactNode } from "react";
import { query } from "../api/client";
import { Icon } from "../components/Icon";
import { MenuItem, Popover } from "../components/Popover";
import { isoTime } from "../lib/time";
import { useAsync } from "../lib/useAsync";
import { useApp } from "./context";
import { setParams } from "./router";
import { ThemePicker } from "./ThemePicker";

/** The bar above every page: its search box, then what applies to all of them. */
export function TopBar({ search, range, children, hasEnvironment = true }: { search: ReactNode; range?: ReactNode; children?: ReactNode; hasEnvironment?: boolean }) {
    const { theme, setTheme } = useApp();
    return (
        <header className="top">
            <div className="top-search">{search}</div>
            {hasEnvironment && <EnvironmentPicker />}
            {range}
            {children}
            <ThemePicker theme={theme} setTheme={setTheme} />
        </header>
    );
}

export function useEnvironment(): string | null {
    return useApp().params.get("env");
}

function EnvironmentPicker() {
    const chosen = useEnvironment();
    const found = useAsync("environments", (signal) =>
        query<{ environment: string | null }>("SELECT DISTINCT deployment_environment AS environment FROM records ORDER BY 1 LIMIT 50", { from: isoTime(Date.now() - 7 * 86400e3), signal }),
    );
    const names = (found.data ?? []).map((r) => r.environment).filter((n): n is string => n !== null);
    if (chosen !== null && !names.includes(chosen)) names.push(chosen);
    return (
        <Popover
            title="Environment"
            label={
                <>
                    <Icon name="globe" />
                    <span>{chosen ?? "All environments"}</span>
                </>
            }
        >
            {(close) => (
                <div role="menu" aria-label="Environment">
                    <MenuItem
                        checked={chosen === null}
                        onSelect={() => {
                            setParams({ env: null });
                            close();
                        }}
                    >
                        All environments
                    </MenuItem>
                    {names.map((name) => (
                        <MenuItem
                            key={name}
                            checked={name === chosen}
                            onSelect={() => {
                                setParams({ env: name });
                                close();
                            }}
                        >
                            {name}
                        </MenuItem>
                    ))}
                    {found.data && names.length === 0 && <p className="menu-note">No record of the last 7 days names its environment (deployment.environment.name).</p>}
                </div>
            )}
        </Popover>
    );
}
