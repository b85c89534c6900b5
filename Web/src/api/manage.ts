import { call } from "./client";
import { queryString } from "./params";
import type { ProjectSummary, Role } from "./types";

// The management API under /api/v1: projects, tokens, members.

export interface Project extends ProjectSummary {
    visibility: string;
    created_at: string;
    updated_at: string;
}

export type TokenKind = "write" | "read" | "api_key" | "user";

export interface Token {
    id: string;
    kind: TokenKind;
    project_id: string | null;
    project_name: string | null;
    organization_name: string;
    description: string | null;
    role: Role | null;
    /** The part that may be shown: enough to recognise the token. */
    token_prefix: string;
    created_at: string;
    created_by_name: string | null;
    expires_at: string | null;
    last_used_at: string | null;
    active: boolean;
}

/** The answer to a creation: the only time the whole token is shown. */
export interface NewToken extends Token {
    token: string;
}

export interface Member {
    user_id: string;
    email: string;
    name: string;
    role: Role;
    created_at: string;
    last_login_at: string | null;
    has_password: boolean;
}

export interface Invited extends Member {
    password_link: string | null;
    password_link_expires_at: string | null;
}

const at = encodeURIComponent;

export const fetchProject = (id: string, signal?: AbortSignal) => call<Project>("GET", `/api/v1/projects/${at(id)}/`, undefined, signal);
export const createProject = (values: { project_name: string; organization_name: string; description?: string }) => call<Project>("POST", "/api/v1/projects/", values);
export const changeProject = (id: string, values: { project_name?: string; description?: string | null }) => call<Project>("PUT", `/api/v1/projects/${at(id)}/`, values);
export const deleteProject = (id: string) => call<void>("DELETE", `/api/v1/projects/${at(id)}/`);

function tokensPath(kind: TokenKind, projectId: string): string {
    if (kind === "user") return "/api/v1/user-tokens/";
    return kind === "api_key" ? "/api/v1/api-keys/" : `/api/v1/projects/${at(projectId)}/${kind}-tokens/`;
}

export interface TokenValues {
    description?: string;
    expires_at?: string;
    role?: Role;
    organization_name?: string;
    project_id?: string;
}

export function fetchTokens(kind: TokenKind, projectId: string, organization: string, signal?: AbortSignal): Promise<Token[]> {
    const path = tokensPath(kind, projectId);
    return call<Token[]>("GET", kind === "api_key" ? `${path}?${queryString({ organization_name: organization })}` : path, undefined, signal);
}

export const createToken = (kind: TokenKind, projectId: string, values: TokenValues) => call<NewToken>("POST", tokensPath(kind, projectId), values);
export const rotateToken = (token: Token, projectId: string, graceHours: number) => call<NewToken>("POST", `${tokensPath(token.kind, projectId)}${at(token.id)}/rotate/`, { grace_period_hours: graceHours });
export const expireToken = (token: Token, projectId: string) => call<void>("PATCH", `${tokensPath(token.kind, projectId)}${at(token.id)}/expire/`);
export const removeToken = (token: Token, projectId: string) => call<void>("DELETE", `${tokensPath(token.kind, projectId)}${at(token.id)}/`);

export const fetchMembers = (organization: string, signal?: AbortSignal) => call<Member[]>("GET", `/api/v1/members/?${queryString({ organization_name: organization })}`, undefined, signal);
export const addMember = (values: { email: string; name?: string; role: Role; organization_name: string }) => call<Invited>("POST", "/api/v1/members/", values);
export const changeRole = (userId: string, role: Role, organization: string) => call<Member>("PUT", `/api/v1/members/${at(userId)}/`, { role, organization_name: organization });
export const removeMember = (userId: string, organization: string) => call<void>("DELETE", `/api/v1/members/${at(userId)}/?${queryString({ organization_name: organization })}`);
export const makePasswordLink = (userId: string, organization: string) => call<{ password_link: string; expires_at: string }>("POST", `/api/v1/members/${at(userId)}/password-link/`, { organization_name: organization });
