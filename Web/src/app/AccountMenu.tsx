import { signOut } from "../api/session";
import { Icon } from "../components/Icon";
import { MenuItem, Popover } from "../components/Popover";
import { useAction } from "../lib/useAction";
import { useApp } from "./context";
import { navigate } from "./router";

/** Who is signed in, at the foot of the sidebar; on loopback nobody has to be. */
export function AccountMenu() {
    const { config, path } = useApp();
    const leave = useAction(async () => {
        await signOut();
        window.location.assign("/login");
    });
    const name = config.is_loopback ? "local" : config.user_name ?? "Account";
    return (
        <Popover
            align="above"
            className="nav-link nav-account"
            title={config.is_loopback ? "On this machine nobody needs to sign in" : `Signed in as ${name}`}
            label={
                <>
                    <Icon name="user" size={15} />
                    <span className="nav-label nav-cut">{name}</span>
                    <span className="nav-role nav-label">{config.is_loopback ? "no login" : config.role}</span>
                </>
            }
        >
            {(close) => (
                <div role="menu" aria-label="Account">
                    <p className="menu-note">
                        {config.is_loopback ? "The server listens on this machine only, so nobody has to sign in and everything may be changed." : `Signed in as ${name}; role here: ${config.role}.`}
                    </p>
                    <MenuItem
                        onSelect={() => {
                            close();
                            navigate(path({ name: "settings", section: "account" }));
                        }}
                    >
                        {config.is_loopback ? "Signed-in terminals" : "Account and password"}
                    </MenuItem>
                    {!config.is_loopback && <MenuItem onSelect={() => void leave.run()}>{leave.isBusy ? "Signing out…" : "Sign out"}</MenuItem>}
                    {leave.error && <p className="menu-note is-bad">{leave.error.detail}</p>}
                </div>
            )}
        </Popover>
    );
}
