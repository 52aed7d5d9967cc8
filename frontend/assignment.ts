// On pages of assignments: a text is kept while it is written, and marks are given by keys. Without JavaScript the
// forms' own buttons and radios do both.
import "./assignment/draft";
import "./assignment/marks";

export {};
