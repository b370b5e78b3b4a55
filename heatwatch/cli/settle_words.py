"""What `heatwatch settle` and `heatwatch explain` say around their numbers, in two languages."""

ZH = {
    "households": "住户",
    "household": "住户",
    "refunds": "退费户数",
    "total": "合计",
    "undetermined": "待定",
    "What-if": "试算",
    "Draft": "草案",
    "season": "采暖季",
    "policy": "政策",
    "flush": "批次",
    "Run": "结算",
    "reason": "原因",
    "yes": "是",
    "approved": "已批准",
    "was approved before": "此前已批准",
    "corrections": "更正",
    "added": "新增",
    "head of the ledger": "账本末端",
    "The ledger holds": "账本完整",
    "The ledger breaks at entry": "账本断裂于第几条",
    "holds": "一致",
    "does not hold": "不一致",
    "can't be checked": "无法核对",
    "snapshot": "快照",
    "readings as of flush": "读数截至批次",
    "results as made": "当时结果",
    "results recomputed": "重算结果",
    "first that differs": "首个不同",
    "as kept": "当时",
    "recomputed": "重算",
    "not there": "没有",
    "why": "原因",
    "Exported": "已导出",
    "file": "文件",
    "partly undetermined": "部分待定",
    "clause": "条款",
    "step": "步骤",
    "interpretation": "释义",
    "means": "含义",
    "What open texts are taken to mean": "条文未明之处的释义",
}


def said(english: str, language: str) -> str:
    """The words in `language`: zh or en."""
    return ZH[english] if language == "zh" else english
