import { Icon } from "../components/Icon";
import { MenuItem, Popover } from "../components/Popover";
import type { ThemeChoice } from "./theme";

export function ThemePicker({ theme, setTheme }: { theme: ThemeChoice; setTheme(choice: ThemeChoice): void }) {
    return (
        <Popover className="pill pill-icon" align="right" title={`Theme: ${theme}`} label={<Icon name={theme === "system" ? "screen" : theme === "dark" ? "moon" : "sun"} size={15} />}>
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
                </div>
            )}
        </Popover>
    );
}
