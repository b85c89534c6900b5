import { Icon } from "../components/Icon";
import { MenuItem, Popover } from "../components/Popover";
import { setZone, useZone, zoneName } from "../lib/zone";
import type { ThemeChoice } from "./theme";

/** The theme, and the zone that times are shown in. */
export function ThemePicker({ theme, setTheme }: { theme: ThemeChoice; setTheme(choice: ThemeChoice): void }) {
    const zone = useZone();
    return (
        <Popover className="pill pill-icon" align="right" title={`Theme: ${theme}; times in ${zone === "utc" ? "UTC" : "your zone"}`} label={<Icon name={theme === "system" ? "screen" : theme === "dark" ? "moon" : "sun"} size={15} />}>
            {(close) => (
                <div role="menu" aria-label="Theme">
                    {(["system", "light", "dark"] as const).map((choice) => (
                        <MenuItem
                            key={choice}
                            checked={choice === theme}
                            onSelect={() => {
                                setTheme(choice);
                                close();
                            }}
                        >
                            {choice === "system" ? "As the system" : choice === "light" ? "Light" : "Dark"}
                        </MenuItem>
                    ))}
                    <p className="menu-group">Times</p>
                    {(["local", "utc"] as const).map((choice) => (
                        <MenuItem
                            key={choice}
                            checked={choice === zone}
                            hint={choice === "local" && zone === "local" ? zoneName(Date.now()) : undefined}
                            onSelect={() => {
                                close();
                                setZone(choice);
                            }}
                        >
                            {choice === "local" ? "In your zone" : "In UTC"}
                        </MenuItem>
                    ))}
                </div>
            )}
        </Popover>
    );
}
