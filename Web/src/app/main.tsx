import { createRoot } from "react-dom/client";
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/frame.css";
import "../styles/overlays.css";
import "../styles/parts.css";
import "../styles/states.css";
import "../styles/values.css";
import "../styles/live.css";
import "../styles/detail.css";
import "../styles/panel.css";
import "../styles/trace.css";
import "../styles/llms.css";
import { Root } from "./Root";

const element = document.getElementById("root");
if (element) createRoot(element).render(<Root />);
