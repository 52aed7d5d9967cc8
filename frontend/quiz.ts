// On the page of an attempt: answers are kept while they are given, and the time left is shown. Without JavaScript the
// form's own buttons do the first, and the page says until when.
import "./quiz/attempt";

export {};
