import type { Door } from "../../app/router";
import { DevicePage } from "./DevicePage";
import type { Theming } from "./DoorFrame";
import { InvitePage } from "./InvitePage";
import { LoginPage } from "./LoginPage";
import { SetupPage } from "./SetupPage";

/** The pages outside of all projects. */
export function Doors({ door, params, theme, setTheme }: Theming & { door: Door; params: URLSearchParams }) {
    const theming = { theme, setTheme };
    switch (door.name) {
        case "login":
            return <LoginPage params={params} theming={theming} />;
        case "setup":
            return <SetupPage params={params} theming={theming} />;
        case "invite":
            return <InvitePage code={door.code} theming={theming} />;
        case "device":
            return <DevicePage code={door.code} theming={theming} />;
    }
}
