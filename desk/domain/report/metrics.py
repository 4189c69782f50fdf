"""Every metric of reports, defined once: help, headings, documentation and JSON come from here."""

from __future__ import annotations

from desk.domain.report.metrics_of_badges import BADGE_METRICS
from desk.domain.report.metrics_of_clocks import CLOCKED
from desk.domain.report.metrics_of_counts import COUNTS
from desk.domain.report.metrics_of_courses import COURSES
from desk.domain.report.metrics_of_people import PEOPLE
from desk.domain.report.metrics_of_topics import TOPICS

_ALL = (*COUNTS, *CLOCKED, *COURSES, *PEOPLE, *TOPICS, *BADGE_METRICS)
METRICS = {metric.name: metric for metric in _ALL}
