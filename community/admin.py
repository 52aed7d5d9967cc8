"""Data pages of what people said in public, of its former wording, and of what was hidden."""

from marketplace.lib.admin import show

from .models import (
    Acceptance,
    Post,
    PostHiding,
    PostRevision,
    Rating,
    RatingHiding,
    RatingPrior,
    RatingReply,
    RatingRevision,
)

show(
    Rating, "course learner stars learned is_hidden said_at", search="course__slug learner__email", filters="is_hidden"
)
show(RatingRevision, "rating number stars said_at", search="rating__course__slug")
show(RatingReply, "rating number said_by said_at", search="said_by__email")
show(RatingHiding, "rating rule_code hidden_by hidden_at lifted_at", search="rating__course__slug")
show(RatingPrior, "id category reckoned_at")
show(Post, "kind course author written_at is_hidden", search="course__slug author__email title", filters="kind")
show(PostRevision, "post number said_at", search="post__course__slug")
show(PostHiding, "post rule_code hidden_by hidden_at lifted_at", search="post__course__slug")
show(Acceptance, "question number answer chosen_by chosen_at", search="question__course__slug")
