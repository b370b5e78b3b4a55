"""What steps say about how a cold spell ended and what made a day's share."""

from analytics.kernels import settlement_days as made
from analytics.kernels.settlement_episodes import OPEN, RECORD, RECOVERED, SUPPOSED

ENDED = {
    OPEN: ("至数据或采暖季结束仍未达标", "still below when data or the season end"),
    RECOVERED: ("持续达标60分钟，以首个达标样本为恢复时刻", "recovered: compliance held 60 min"),
    SUPPOSED: ("假定未知时段达标", "recovered where samples stopped, if the unknown was compliant"),
    RECORD: ("测温记录达标", "recovered by a compliant act"),
}
#: What made a day's share: (zh, en, clause of the policy's part).
MADE_BY = {
    made.HOUR_MEAN: ("最低一小时平均", "lowest one-hour mean"),
    made.PART_MEAN: ("已知时段平均", "mean of what is known"),
    made.RECORD_OF_DAY: ("当日测温记录", "act of the day"),
    made.RECORD_BEFORE: ("此前测温记录沿用", "governed by the act before"),
    made.RETEST: ("复测仍不合格，取测温最低值", "re-test failed: lowest act"),
    made.PRESUMED: ("供方逾期未测温，推定低于最低档", "supplier late: presumed in the lowest band"),
    made.REFUSED: ("用户拒绝测温，视为达标", "user refused: compliant"),
    made.EXCLUDED: ("首尾排除日", "excluded day of the season"),
    made.EXCUSED: ("室外低于设计温度，免责", "outdoors below design: excused"),
    made.USER_FAULT: ("用户原因", "user's fault"),
    made.UNKNOWN: ("当日一无所知", "nothing known of it"),
}


#: Those that stand on one room at one instant.
PLACED = frozenset({made.HOUR_MEAN, made.PART_MEAN, made.RECORD_OF_DAY, made.RECORD_BEFORE})
BOUND_ZH = ("未知视为不达标：", "未知视为达标：")
BOUND_EN = ("unknown as below: ", "unknown as compliant: ")
