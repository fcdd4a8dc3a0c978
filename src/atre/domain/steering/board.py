"""Everything the steering page says about one question, in a constant number of queries."""

from atre.domain.steering import after_visit, results, taking_in, visiting
from atre.domain.steering.figures import Board
from atre.domain.steering.question import Question
from atre.domain.steering.withholding import withhold


def board(question: Question) -> Board:
    """The figures; small counts hidden when the reader is outside the agency."""
    channels, difficulties, eligibility = taking_in.requests(question)
    follow_ups, exits = results.follow_ups(question)
    programme = question.programme
    whole = Board(
        question=question,
        channels=channels,
        difficulties=difficulties,
        eligibility=eligibility,
        to_visit=visiting.delay_to_visit(question),
        to_report=visiting.delay_to_report(question),
        waiting=taking_in.waiting(question),
        visits=visiting.visits(question),
        appointments=visiting.appointments(question),
        kits=visiting.kits(question),
        orientations=after_visit.orientations(question),
        support=after_visit.support(question),
        support_target=programme.support_target_share if programme else None,
        support_target_reason=(
            "" if programme else "Choisissez un dispositif pour voir son objectif."
        ),
        time=after_visit.time_spent(question),
        aids=after_visit.aids(question),
        follow_ups=follow_ups,
        exits=exits,
        savings=results.savings(question),
        left_out_doubles=taking_in.doubles(question),
    )
    return withhold(whole) if question.restricted else whole
