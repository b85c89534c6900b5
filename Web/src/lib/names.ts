/** What is wrong with a project's name, or null. The server decides; this says it while typing. */
export function projectNameError(name: string): string | null {
    if (name.length < 2) return "At least 2 characters.";
    if (name.length > 50) return "At most 50 characters.";
    if (/[^a-z0-9-]/.test(name)) return "Only lower-case letters, digits and hyphens.";
    if (name.startsWith("-") || name.endsWith("-") || name.includes("--")) return "Hyphens only between letters or digits, one at a time.";
    return null;
}

/** The shortest password that is accepted, in characters. */
export const passwordLength = 10;

export function passwordError(password: string): string | null {
    return [...password].length < passwordLength ? `At least ${passwordLength} characters.` : null;
}

export function emailError(email: string): string | null {
    return /^[^\s@]+@[^\s@]+$/.test(email.trim()) ? null : "An e-mail address, such as ada@example.com.";
}
