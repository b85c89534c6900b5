// The pages of models, agents and conversations, which share most of what they are made of: one script for all of them.

export { AgentPage } from "./agents/AgentPage";
export { AgentsPage } from "./agents/AgentsPage";
export { ConversationPage } from "./conversations/ConversationPage";
export { ConversationsPage } from "./conversations/ConversationsPage";
export { LLMPage } from "./llms/LLMPage";
export { LLMsPage } from "./llms/LLMsPage";
export { RunPage } from "./runs/RunPage";
