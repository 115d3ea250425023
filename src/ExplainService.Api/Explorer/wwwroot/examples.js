// Texts to start from, by task. A pair is the second text: the context of a question, the hypothesis of an inference, what a text is compared to.

export const examples = {
  text_classification: [
    { text: "The acting was terrible but the music is absolutely wonderful." },
    { text: "not bad at all" },
    { text: "A gripping, funny film that never once talks down to its audience!" },
    { text: "I expected to hate every minute of it; instead I laughed, cried and stayed for the credits." },
    { text: "Two hours of my life that I will never get back." },
  ],
  token_classification: [
    { text: "Ada Lovelace met Charles Babbage in London in 1833." },
    { text: "Siemens opened an office in Buenos Aires last March." },
  ],
  question_answering: [
    { text: "What is dull?", pair: "The plot is dull, but the music and the pictures are a delight." },
    { text: "Who wrote the first program?", pair: "Ada Lovelace published the first program in 1843, for a machine that Charles Babbage never finished." },
  ],
  fill_mask: [
    { text: "The film was absolutely {mask}." },
    { text: "Paris is the {mask} of France." },
  ],
  text_generation: [
    { text: "This movie is" },
    { text: "The acting was terrible but the music" },
    { text: "I watched this film with my" },
  ],
  feature_extraction: [
    { text: "How do I reset my password?", pair: "I forgot my login" },
    { text: "The film was a delight.", pair: "I enjoyed every minute of it." },
  ],
  text2text_generation: [
    { text: "summarize: The plot is dull, but the music and the pictures are a delight, and the actors do what they can." },
    { text: "translate English to German: The house is small." },
  ],
};

/** Label and placeholder of the second text; tasks that take none are not listed. */
export const pairs = {
  text_classification: { label: "Second text (for models of pairs)", optional: true },
  feature_extraction: { label: "Second text: what the first is compared to" },
  question_answering: { label: "Context: the answer is a span of it", text: "Question" },
};

export const taskNames = {
  text_classification: "text classification", token_classification: "token classification", question_answering: "question answering",
  fill_mask: "masked language model", text_generation: "causal language model", text2text_generation: "sequence to sequence",
  feature_extraction: "feature extraction", image_classification: "image classification", zero_shot_image_classification: "pictures beside labels",
};
