// A question's fields in its form: whether they are as the server sent them, and out of what is handed in.

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function fieldsOf(question: HTMLElement): Field[] {
  return [...question.querySelectorAll<Field>("input[name], textarea[name], select[name]")];
}

export function isAsServed(question: HTMLElement): boolean {
  return fieldsOf(question).every((field) => {
    if (field instanceof HTMLSelectElement) {
      const served = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
      return field.value === served?.value;
    }
    if (field instanceof HTMLInputElement && ["radio", "checkbox"].includes(field.type)) return field.checked === field.defaultChecked;
    return field.value === field.defaultValue;
  });
}

/** A question that the form does not name stays as it was saved. */
export function leaveOut(formData: FormData, question: HTMLElement): void {
  for (const field of fieldsOf(question)) formData.delete(field.name);
}
