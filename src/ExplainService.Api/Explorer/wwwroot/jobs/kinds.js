// What a job may do with its rows. One entry a kind: to add one is to add its entry.
//   id, label, help   as the service and people call it
//   asks              which of a model's methods can be chosen for it, of [feature, support]; left out: it asks no endpoint
//   fields            further fields of its request, as controls describe them
//   request(values)   what these fields are in the request; left out: nothing
//   ofJobs            whether it may work on what an earlier job has answered
//   job(values)       what they are beside it, in the job; left out: nothing

const lines = text => text.split(/[,\n]/u).map(word => word.trim()).filter(Boolean);

const scores = ([, support]) => support.comparison;

const units = entry => scores(entry) && entry[1].path !== "/attention";

export const kinds = [
  { id: "predict", label: "Predictions", help: "What the model says of each row; performance where rows have labels" },
  { id: "explain", label: "Explanations", help: "An explanation of each row", asks: ([feature, support]) => scores([feature, support]) || feature.startsWith("counterfactual.") },
  { id: "global", label: "Words by label", help: "An explanation of each row, summed up by words and labels", asks: units },
  {
    id: "importance", label: "Importance of words", help: "What the figures of the whole set lose without a word",
    fields: [
      { name: "features", label: "Words or phrases", kind: "text", placeholder: "every word", help: "With commas between them" },
      { name: "draws", label: "Draws of permutation", kind: "number", min: 0, max: 100, placeholder: "1" },
    ],
    request: ({ features, draws }) => ({ features: features ? lines(features) : undefined, draws }),
  },
  { id: "surrogate", label: "Simple models", help: "A logistic model and a tree that are taught what the model says, with their fidelity" },
  { id: "compare", label: "Comparison of methods", help: "Which explanation of this model can be trusted most" },
  {
    id: "neurons", label: "Meanings of neurons", help: "What raises neurons, with the rows as the corpus",
    fields: [{ name: "neurons", label: "Neurons: layer.neuron", kind: "text", placeholder: "5.118, 5.20", help: "With commas between them" }],
    request: ({ neurons }) => ({ neurons: lines(neurons).map(name => name.split(".").map(Number)).map(([layer, neuron]) => ({ layer, neuron })) }),
  },
  {
    id: "drift", label: "Drift", help: "How answers differ from those of another model, or of an earlier job", asks: units, ofJobs: true,
    fields: [
      { name: "against_model", label: "From those of the model", kind: "text", placeholder: "none" },
      { name: "against_job", label: "Or of the job (its id)", kind: "text", placeholder: "none" },
    ],
    job: ({ against_model: model, against_job: job }) => ({ against: job ? { job } : { model } }),
  },
];

export const kindOf = id => kinds.find(kind => kind.id === id) ?? { id, label: id };
