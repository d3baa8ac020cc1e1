"""From a Markdown file to the parts of a lesson: questions, answers, expressions, values inside a sentence."""
