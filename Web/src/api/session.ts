import { call } from "./client";
import type { ProjectSummary, Role } from "./types";

/** Who looks, and what they may open. */
export interface Session {
    is_loopback: boolean;
    login_required: boolean;
    /** True until the first owner exists. */
    needs_setup: boolean;
    /** Null when nobody is signed in. */
    user: { id: string | null; email: string | null; name: string } | null;
    organizations: { id: string; organization_name: string; role: Role }[];
    projects: ProjectSummary[];
}

export interface PasswordLink {
    email: string;
    name: string;
    organization_name: string | null;
    purpose: "invite" | "reset";
    expires_at: string;
}

export interface DeviceRequest {
    machine_name: string;
    address: string | null;
    created_at: string;
    expires_at: string;
    status: "pending" | "approved" | "denied";
    user_name: string;
}

export interface OpenSession {
    id: string;
    created_at: string;
    last_used_at: string | null;
    expires_at: string | null;
    address: string | null;
    user_agent: string | null;
    is_current: boolean;
}

const at = encodeURIComponent;

export const fetchSession = (signal?: AbortSignal) => call<Session>("GET", "/ui/session", undefined, signal);
export const signIn = (email: string, password: string) => call<Session>("POST", "/ui/session", { email, password });
export const signOut = () => call<void>("DELETE", "/ui/session");
export const setUp = (values: { code: string; email: string; name: string; password: string }) => call<Session>("POST", "/ui/setup", values);
export const changePassword = (current: string, next: string) => call<void>("PUT", "/ui/password", { current_password: current, new_password: next });
export const fetchPasswordLink = (code: string, signal?: AbortSignal) => call<PasswordLink>("GET", `/ui/password-links/${at(code)}`, undefined, signal);
export const redeemPasswordLink = (code: string, values: { password: string; name?: string }) => call<Session>("POST", `/ui/password-links/${at(code)}`, values);
export const fetchDevice = (code: string, signal?: AbortSignal) => call<DeviceRequest>("GET", `/ui/device/${at(code)}`, undefined, signal);
export const decideDevice = (code: string, decision: "approve" | "deny") => call<{ status: DeviceRequest["status"] }>("POST", `/ui/device/${at(code)}`, { decision });
export const fetchSessions = (signal?: AbortSignal) => call<OpenSession[]>("GET", "/ui/sessions/", undefined, signal);
export const endSession = (id: string) => call<void>("DELETE", `/ui/sessions/${at(id)}/`);
