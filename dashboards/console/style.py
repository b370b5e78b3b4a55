"""The console's own style, on top of Quasar's."""

#: Of buttons, links and the chosen place; 6.5 : 1 on white (WCAG 2.2 asks for 4.5).
PRIMARY = "#1f5fa8"

CSS = """
body { background: #f4f6f8; font-family: "Noto Sans CJK SC", "Noto Sans SC", "Noto Sans", "Segoe UI", sans-serif; }
.nicegui-content { padding: 0; gap: 0; }
.hw-bar { background: #17212b; color: #fff; padding: 6px 16px; min-height: 48px; }
.hw-find { min-width: 250px; }
.hw-bar a, .hw-bar a.nicegui-link { color: #9fd0ff; text-decoration: none; }
.hw-body { display: grid; grid-template-columns: 290px minmax(0, 1fr) 330px; gap: 12px; padding: 12px; width: 100%; align-items: start; }
.hw-card { background: #fff; border: 1px solid #d8dee4; border-radius: 6px; padding: 10px 12px; width: 100%; }
.hw-scroll { max-height: calc(100vh - 84px); overflow: auto; }
.hw-head { font-weight: 600; font-size: 14px; color: #17212b; padding: 2px 0 6px; }
.hw-alert, .hw-sms { border-top: 1px solid #e6eaee; padding: 6px 2px; gap: 8px; }
.hw-sms { font-size: 13px; line-height: 1.4; }
.hw-table { width: 100%; border-collapse: collapse; font-size: 13px; }
.hw-table th { text-align: left; color: #59636e; font-weight: 600; border-bottom: 1px solid #17212b; padding: 4px 6px; }
.hw-table td { border-bottom: 1px solid #e6eaee; padding: 4px 6px; }
.hw-table a { color: #1f5fa8; text-decoration: underline; }
.hw-table .n { text-align: right; font-variant-numeric: tabular-nums; }
.hw-cold { color: #b3261e; font-weight: 600; } .hw-stale { color: #9a6700; }
.hw-step { border-left: 3px solid #d8dee4; padding: 2px 10px; margin: 4px 0; font-size: 13px; }
.hw-clause { color: #59636e; font-size: 12px; }
.hw-quiet { color: #59636e; } .hw-good { color: #1a7f37; }
.nicegui-link { color: #1f5fa8; } .hw-card ul { margin: 0; padding-left: 20px; }
.hw-missing { margin: 0; } .hw-missing * { box-sizing: border-box; } .hw-missing .hw-bar { line-height: 36px; font-weight: 700; }
.hw-missing .hw-card { margin: 12px; width: auto; } .hw-missing h1 { font-size: 20px; } .hw-missing a { color: #1f5fa8; }
@media (max-width: 700px) { .hw-bar { flex-wrap: wrap; gap: 4px 12px; } .hw-bar .q-space { display: none; } .hw-bar .hw-find { flex: 1 1 100%; order: 1; } }
@media (max-width: 1100px) { .hw-body { grid-template-columns: 1fr; } .hw-scroll { max-height: none; } .hw-tree, .hw-tray { max-height: 45vh; } }
"""
