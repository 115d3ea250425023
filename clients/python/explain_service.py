"""A client of ExplainService over httpx, with the types of every request and answer.

Generated from openapi/openapi.json by generate.py: do not edit. Fields are those of the HTTP API (docs/api.md).

    from explain_service import ExplainService

    with ExplainService("http://localhost:8080") as service:
        for unit in service.shap(text="A gripping film.")["units"]:
            print(unit["text"], unit.get("score"))
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Literal, NotRequired, Required, TypedDict, Union, Unpack
from urllib.parse import quote

import httpx


AblatedParts = Literal["heads", "neurons", "layers"]


AblationValue = Literal["zero", "mean"]


AnswerQuality = Literal["none", "basic"]


AttentionAggregate = Literal["none", "mean", "max", "rollout", "flow", "gradient_relevance", "value_zeroing", "norms"]


AttentionKind = Literal["self", "decoder", "cross"]


CounterfactualKind = Literal["remove", "flip", "fill", "reduce"]


GradientNorm = Literal["l2", "l1", "mean_abs"]


JobKind = Literal["predict", "explain", "importance", "global", "surrogate", "compare", "neurons", "drift"]


JobState = Literal["queued", "running", "paused", "succeeded", "failed", "cancelled"]


LayerMethod = Literal["gradient_x_activation", "conductance", "cp_lrp", "attn_lrp", "lens"]


ModelState = Literal["available", "loading", "loaded", "broken"]


ModelTask = Literal["text_classification", "token_classification", "question_answering", "fill_mask", "text_generation", "text2text_generation", "feature_extraction", "image_classification", "zero_shot_image_classification"]


NeuronMeasure = Literal["activation", "cp_lrp", "gradient_x_activation"]


Objective = Literal["probability", "logit", "log_probability"]


OffsetUnit = Literal["utf16", "codepoint"]


OutputFormat = Literal["ndjson", "csv", "parquet"]


Overflow = Literal["error", "truncate", "window"]


Precision = Literal["exact", "fast"]


QuadratureRule = Literal["gauss_legendre", "trapezoid"]


RowFormat = Literal["ndjson", "csv", "tsv", "parquet", "zip"]


ShapAlgorithm = Literal["auto", "exact", "kernel", "permutation", "partition"]


SmoothedScore = Literal["gradient", "input_x_gradient"]


WindowReduction = Literal["mean", "max"]


class AblatedLayerAnswer(TypedDict):
    """A layer that was switched off."""

    layer: Required[int]
    """Its number."""
    score: Required[float]
    """The drop of f without it."""


class AblatedNeuronAnswer(TypedDict):
    """A neuron that was switched off."""

    layer: Required[int]
    """Its layer."""
    neuron: Required[int]
    """Its number in the layer."""
    score: Required[float]
    """The drop of f without it."""


class AblationAnswer(TypedDict):
    """What `/ablation` answers."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, as it was sent."""
    model: Required[str]
    """The model's name."""
    method: Required[str]
    """What computed the scores, as the request calls it."""
    objective: Required[Objective]
    """The function of the target's logits that is explained."""
    prediction: Required[Prediction]
    """What the model says of the text."""
    target: Required[TargetAnswer]
    """What is explained."""
    against: NotRequired[TargetAnswer]
    """What the explained score is the difference to, where the request says `against`."""
    image: NotRequired[PictureAnswer]
    """The picture that was explained, where it was one."""
    tokens: Required[list[TokenAnswer]]
    """The whole sequence that the model saw (seq2seq: the encoder's)."""
    generated: NotRequired[list[GeneratedToken]]
    """Generated (or given) target tokens, each with its own scores."""
    unseen: NotRequired[list[UnseenText]]
    """Where the model saw only part of the text: the parts that it did not see."""
    evaluations: Required[int]
    """Texts that the model scored or differentiated for this answer: of a method that changes the text, the whole
    one and its changed forms, each once however many windows or identical ones it has.
    """
    seed: NotRequired[int]
    """Seed of every random draw."""
    elapsed_ms: Required[float]
    """Time from the parsed request to this answer, in milliseconds."""
    warnings: Required[list[str]]
    """What a reader must know to read the numbers right, in sentences."""
    warning_codes: Required[list[str]]
    """A stable code of each warning, in the same order."""
    quality: NotRequired[dict[str, dict[str, MetricAnswer]]]
    """With `"quality": "basic"`: how far the scores can be trusted, as `metrics` of `/evaluate` says it: {metric:
    {replacement: figures}}.
    """
    unsigned: NotRequired[bool]
    """`true` where scores are sizes alone, in no unit of the objective: how much a part matters, not for what."""
    value: Required[float]
    """f of the model as it is."""
    by: Required[AblationValue]
    """What was put in the place of what is off."""
    heads: NotRequired[list[list[HeadAnswer]]]
    """[layer][head], in the order of `head_layers`."""
    head_layers: NotRequired[list[int]]
    """Layers of `heads`."""
    neurons: NotRequired[list[AblatedNeuronAnswer]]
    """The neurons, in the request's order."""
    layers: NotRequired[list[AblatedLayerAnswer]]
    """The layers."""


class AblationRequest(TypedDict):
    """`POST /ablation`."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, a string or a number: its answer carries it, and of a line of NDJSON its
    problem too.
    """
    model: NotRequired[Union[str, None]]
    """The model's name; default: the only or the configured one."""
    target: NotRequired[TargetRequest]
    """What is explained; default: what the model predicts."""
    against: NotRequired[TargetRequest]
    """A second target: what is explained is then the difference of the two logits, or log-probabilities
    (`objective``probability` is taken for the latter): why this and not that. Default: none.
    """
    objective: NotRequired[Objective]
    """The function of the target's logits that is explained; default `probability`, of generated tokens
    `log_probability`, of regression `logit`.
    """
    seed: NotRequired[Union[int, None]]
    """Seed of every random draw: any whole number of 64 bits; default 0."""
    deadline_ms: NotRequired[Union[int, None]]
    """The best answer so far after this many milliseconds where a method can, else 504. From 1 to the server's own
    limit for one request (`Limits:MaxRequestSeconds`, 600 s by default).
    """
    precision: NotRequired[Precision]
    """Arithmetic of perturbation rows; default `exact`."""
    quality: NotRequired[AnswerQuality]
    """`basic`: the answer says how far its scores can be trusted, by `area` under `mask` beside 20 random orders (up
    to 42 evaluations a unit); default `none`.
    """
    text: NotRequired[str]
    """The text; required, unless there are `messages` or an `image`."""
    image: NotRequired[Union[str, None]]
    """A picture in place of `text`, for models of pictures, alone or beside `labels`: PNG, JPEG or WebP, as base64
    or as a `data:` URL. In a form (`multipart/form-data`) it is the part `image`, the bytes themselves.
    """
    segments: NotRequired[Union[int, None]]
    """Of a picture with `"granularity": "superpixel"`: about how many, from 2 to 1,000; default 50."""
    messages: NotRequired[Union[list[MessageRequest], None]]
    """A conversation in place of `text`, up to 1,000 messages, for models with a chat template: the model reads what
    the template makes of it, and the contents are explained.
    """
    pair: NotRequired[Union[str, None]]
    """A second text: NLI, the context when `text` is a question, or what a model without a head compares `text` to."""
    labels: NotRequired[Union[list[str], None]]
    """Labels of your own, from 1 to 100, for a model of natural language inference: how far the text entails the
    hypothesis of each (zero-shot classification); for a model that compares pictures with texts: how like each
    the `image` is.
    """
    hypothesis_template: NotRequired[Union[str, None]]
    """What `labels` claim of the text, with `{}` where the label stands; default `This example is {}.`, beside a
    picture the label alone.
    """
    granularity: NotRequired[Union[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"], list[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"]], None]]
    """Size of the units that get scores; default `word`, or `token` for `/saliency`. Several make a hierarchy. Of a
    picture `patch` (default) or `superpixel`; beside a picture units of texts are those of the label that is the
    target.
    """
    overflow: NotRequired[Overflow]
    """What to do with a text over the model's limit; of a text that fits it says nothing. Default `error`, but
    `/tokenize` lists all.
    """
    window_reduction: NotRequired[WindowReduction]
    """How windows are combined under `"overflow": "window"`; default `mean`."""
    offset_unit: NotRequired[OffsetUnit]
    """What offsets count, in the request and in the answer; default `utf16`."""
    max_new_tokens: NotRequired[Union[int, None]]
    """Models that generate: continue greedily by at most so many tokens, from 1 to 512, and explain those. Seq2seq
    models do so by default, with 32; causal models explain the next token where neither this nor a target is
    given.
    """
    spans: NotRequired[Union[list[list[int]], None]]
    """The caller's own units, [start, end] each, in place of `granularity`; at most 10,000, without overlap."""
    redact: NotRequired[Union[list[list[int]], None]]
    """Stretches of `text`, [start, end] each, that become `█` before a model reads them, so that no answer, picture
    or result tells what stood there; at most 10,000.
    """
    of: NotRequired[AblatedParts]
    """What is switched off, one after the other; default `heads`."""
    layers: NotRequired[Union[list[int], None]]
    """Layers, from 0; default all."""
    neurons: NotRequired[Union[list[NeuronRequest], None]]
    """With `"of": "neurons"`: which, at most 10,000."""
    by: NotRequired[AblationValue]
    """What takes the place of what is off; default `zero`."""
    background: NotRequired[Union[list[str], None]]
    """With `"by": "mean"`: texts over whose tokens the means are taken, at most 1,000; default the text itself."""


class AttentionAnswer(TypedDict):
    """What `/attention` answers."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, as it was sent."""
    model: Required[str]
    """The model's name."""
    method: Required[str]
    """What computed the scores, as the request calls it."""
    objective: NotRequired[Objective]
    """The function of the target's logits that is explained."""
    prediction: NotRequired[Prediction]
    """What the model says of the text."""
    target: NotRequired[TargetAnswer]
    """What is explained."""
    against: NotRequired[TargetAnswer]
    """What the explained score is the difference to, where the request says `against`."""
    image: NotRequired[PictureAnswer]
    """The picture that was explained, where it was one."""
    tokens: Required[list[TokenAnswer]]
    """The whole sequence that the model saw (seq2seq: the encoder's)."""
    generated: NotRequired[list[GeneratedToken]]
    """Generated (or given) target tokens, each with its own scores."""
    unseen: NotRequired[list[UnseenText]]
    """Where the model saw only part of the text: the parts that it did not see."""
    evaluations: Required[int]
    """Texts that the model scored or differentiated for this answer: of a method that changes the text, the whole
    one and its changed forms, each once however many windows or identical ones it has.
    """
    seed: Required[int]
    """Seed of every random draw."""
    elapsed_ms: Required[float]
    """Time from the parsed request to this answer, in milliseconds."""
    warnings: Required[list[str]]
    """What a reader must know to read the numbers right, in sentences."""
    warning_codes: Required[list[str]]
    """A stable code of each warning, in the same order."""
    quality: NotRequired[dict[str, dict[str, MetricAnswer]]]
    """With `"quality": "basic"`: how far the scores can be trusted, as `metrics` of `/evaluate` says it: {metric:
    {replacement: figures}}.
    """
    unsigned: NotRequired[bool]
    """`true` where scores are sizes alone, in no unit of the objective: how much a part matters, not for what."""
    layers: Required[list[int]]
    """Layers of `attention` or behind `matrix`."""
    heads: Required[list[int]]
    """Heads of `attention` or behind `matrix`."""
    attention: NotRequired[list[list[list[list[float]]]]]
    """[layer][head][query][key]."""
    maps: NotRequired[list[list[list[float]]]]
    """`value_zeroing`, `norms`: [layer][query][key]."""
    matrix: NotRequired[list[list[float]]]
    """[query][key]."""
    scores: NotRequired[list[float]]
    """One score per token: rollout, flow, gradient relevance. With `granularity` one per entry of `units`."""
    granularity: NotRequired[str]
    """Size of the units, where the request asks for one."""
    units: NotRequired[list[UnitAnswer]]
    """With `granularity`: what rows and columns of the maps are, in their order (of cross-attention the columns).
    Special tokens stand for themselves, without a text; generated tokens follow.
    """


class AttentionLayers(TypedDict):
    """Numbers of attention layers by `kind`; absent kinds have none."""

    self: NotRequired[int]
    """Of the encoder, or of a decoder-only model."""
    decoder: NotRequired[int]
    """Of a seq2seq model's decoder."""
    cross: NotRequired[int]
    """Of a seq2seq decoder to the encoder."""


class AttentionRequest(TypedDict):
    """`POST /attention`."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, a string or a number: its answer carries it, and of a line of NDJSON its
    problem too.
    """
    model: NotRequired[Union[str, None]]
    """The model's name; default: the only or the configured one."""
    target: NotRequired[TargetRequest]
    """What is explained; default: what the model predicts."""
    against: NotRequired[TargetRequest]
    """A second target: what is explained is then the difference of the two logits, or log-probabilities
    (`objective``probability` is taken for the latter): why this and not that. Default: none.
    """
    objective: NotRequired[Objective]
    """The function of the target's logits that is explained; default `probability`, of generated tokens
    `log_probability`, of regression `logit`.
    """
    seed: NotRequired[Union[int, None]]
    """Seed of every random draw: any whole number of 64 bits; default 0."""
    deadline_ms: NotRequired[Union[int, None]]
    """The best answer so far after this many milliseconds where a method can, else 504. From 1 to the server's own
    limit for one request (`Limits:MaxRequestSeconds`, 600 s by default).
    """
    precision: NotRequired[Precision]
    """Arithmetic of perturbation rows; default `exact`."""
    quality: NotRequired[AnswerQuality]
    """`basic`: the answer says how far its scores can be trusted, by `area` under `mask` beside 20 random orders (up
    to 42 evaluations a unit); default `none`.
    """
    text: NotRequired[str]
    """The text; required, unless there are `messages` or an `image`."""
    image: NotRequired[Union[str, None]]
    """A picture in place of `text`, for models of pictures, alone or beside `labels`: PNG, JPEG or WebP, as base64
    or as a `data:` URL. In a form (`multipart/form-data`) it is the part `image`, the bytes themselves.
    """
    segments: NotRequired[Union[int, None]]
    """Of a picture with `"granularity": "superpixel"`: about how many, from 2 to 1,000; default 50."""
    messages: NotRequired[Union[list[MessageRequest], None]]
    """A conversation in place of `text`, up to 1,000 messages, for models with a chat template: the model reads what
    the template makes of it, and the contents are explained.
    """
    pair: NotRequired[Union[str, None]]
    """A second text: NLI, the context when `text` is a question, or what a model without a head compares `text` to."""
    labels: NotRequired[Union[list[str], None]]
    """Labels of your own, from 1 to 100, for a model of natural language inference: how far the text entails the
    hypothesis of each (zero-shot classification); for a model that compares pictures with texts: how like each
    the `image` is.
    """
    hypothesis_template: NotRequired[Union[str, None]]
    """What `labels` claim of the text, with `{}` where the label stands; default `This example is {}.`, beside a
    picture the label alone.
    """
    granularity: NotRequired[Union[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"], list[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"]], None]]
    """Size of the units that get scores; default `word`, or `token` for `/saliency`. Several make a hierarchy. Of a
    picture `patch` (default) or `superpixel`; beside a picture units of texts are those of the label that is the
    target.
    """
    overflow: NotRequired[Overflow]
    """What to do with a text over the model's limit; of a text that fits it says nothing. Default `error`, but
    `/tokenize` lists all.
    """
    window_reduction: NotRequired[WindowReduction]
    """How windows are combined under `"overflow": "window"`; default `mean`."""
    offset_unit: NotRequired[OffsetUnit]
    """What offsets count, in the request and in the answer; default `utf16`."""
    max_new_tokens: NotRequired[Union[int, None]]
    """Models that generate: continue greedily by at most so many tokens, from 1 to 512, and explain those. Seq2seq
    models do so by default, with 32; causal models explain the next token where neither this nor a target is
    given.
    """
    spans: NotRequired[Union[list[list[int]], None]]
    """The caller's own units, [start, end] each, in place of `granularity`; at most 10,000, without overlap."""
    redact: NotRequired[Union[list[list[int]], None]]
    """Stretches of `text`, [start, end] each, that become `█` before a model reads them, so that no answer, picture
    or result tells what stood there; at most 10,000.
    """
    aggregate: NotRequired[AttentionAggregate]
    """How maps are combined; default `none`. `flow` refuses texts of over 128 tokens."""
    layers: NotRequired[Union[list[int], None]]
    """Layers, from 0; default all."""
    heads: NotRequired[Union[list[int], None]]
    """Heads, from 0; default all."""
    kind: NotRequired[AttentionKind]
    """Whose attention; default `self`."""


class CompareAnswer(TypedDict):
    """What `/compare` answers."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, as it was sent."""
    model: Required[str]
    """The model's name."""
    method: Required[str]
    """What computed the scores, as the request calls it."""
    objective: NotRequired[Objective]
    """The function of the target's logits that is explained."""
    prediction: NotRequired[Prediction]
    """What the model says of the text."""
    target: NotRequired[TargetAnswer]
    """What is explained."""
    against: NotRequired[TargetAnswer]
    """What the explained score is the difference to, where the request says `against`."""
    image: NotRequired[PictureAnswer]
    """The picture that was explained, where it was one."""
    tokens: Required[list[TokenAnswer]]
    """The whole sequence that the model saw (seq2seq: the encoder's)."""
    generated: NotRequired[list[GeneratedToken]]
    """Generated (or given) target tokens, each with its own scores."""
    unseen: NotRequired[list[UnseenText]]
    """Where the model saw only part of the text: the parts that it did not see."""
    evaluations: Required[int]
    """Texts that the model scored or differentiated for this answer: of a method that changes the text, the whole
    one and its changed forms, each once however many windows or identical ones it has.
    """
    seed: Required[int]
    """Seed of every random draw."""
    elapsed_ms: Required[float]
    """Time from the parsed request to this answer, in milliseconds."""
    warnings: Required[list[str]]
    """What a reader must know to read the numbers right, in sentences."""
    warning_codes: Required[list[str]]
    """A stable code of each warning, in the same order."""
    quality: NotRequired[dict[str, dict[str, MetricAnswer]]]
    """With `"quality": "basic"`: how far the scores can be trusted, as `metrics` of `/evaluate` says it: {metric:
    {replacement: figures}}.
    """
    unsigned: NotRequired[bool]
    """`true` where scores are sizes alone, in no unit of the objective: how much a part matters, not for what."""
    explanations: NotRequired[list[EvaluatedExplanation]]
    """Of a single text: what was compared, in the order of `methods`."""
    methods: Required[list[ComparedMethod]]
    """The methods with their figures, in the order of the request."""
    agreement: Required[list[list[Union[float, None]]]]
    """[method][method]: Spearman between the scores of two methods, over several texts its mean; null where scores
    are all equal.
    """
    recommendation: NotRequired[Recommendation]
    """The most faithful method by `area`; left out where none was measured."""
    differences: NotRequired[list[PairedDifference]]
    """Of several texts: how the recommended method differs from each other one in `area`."""
    texts: NotRequired[int]
    """Of several texts: how many were compared."""


class CompareRequest(TypedDict):
    """`POST /compare`."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, a string or a number: its answer carries it, and of a line of NDJSON its
    problem too.
    """
    model: NotRequired[Union[str, None]]
    """The model's name; default: the only or the configured one."""
    target: NotRequired[TargetRequest]
    """What is explained; default: what the model predicts."""
    against: NotRequired[TargetRequest]
    """A second target: what is explained is then the difference of the two logits, or log-probabilities
    (`objective``probability` is taken for the latter): why this and not that. Default: none.
    """
    objective: NotRequired[Objective]
    """The function of the target's logits that is explained; default `probability`, of generated tokens
    `log_probability`, of regression `logit`.
    """
    seed: NotRequired[Union[int, None]]
    """Seed of every random draw: any whole number of 64 bits; default 0."""
    deadline_ms: NotRequired[Union[int, None]]
    """The best answer so far after this many milliseconds where a method can, else 504. From 1 to the server's own
    limit for one request (`Limits:MaxRequestSeconds`, 600 s by default).
    """
    precision: NotRequired[Precision]
    """Arithmetic of perturbation rows; default `exact`."""
    quality: NotRequired[AnswerQuality]
    """`basic`: the answer says how far its scores can be trusted, by `area` under `mask` beside 20 random orders (up
    to 42 evaluations a unit); default `none`.
    """
    text: NotRequired[str]
    """The text; required, unless there are `messages` or an `image`."""
    image: NotRequired[Union[str, None]]
    """A picture in place of `text`, for models of pictures, alone or beside `labels`: PNG, JPEG or WebP, as base64
    or as a `data:` URL. In a form (`multipart/form-data`) it is the part `image`, the bytes themselves.
    """
    segments: NotRequired[Union[int, None]]
    """Of a picture with `"granularity": "superpixel"`: about how many, from 2 to 1,000; default 50."""
    messages: NotRequired[Union[list[MessageRequest], None]]
    """A conversation in place of `text`, up to 1,000 messages, for models with a chat template: the model reads what
    the template makes of it, and the contents are explained.
    """
    pair: NotRequired[Union[str, None]]
    """A second text: NLI, the context when `text` is a question, or what a model without a head compares `text` to."""
    labels: NotRequired[Union[list[str], None]]
    """Labels of your own, from 1 to 100, for a model of natural language inference: how far the text entails the
    hypothesis of each (zero-shot classification); for a model that compares pictures with texts: how like each
    the `image` is.
    """
    hypothesis_template: NotRequired[Union[str, None]]
    """What `labels` claim of the text, with `{}` where the label stands; default `This example is {}.`, beside a
    picture the label alone.
    """
    granularity: NotRequired[Union[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"], list[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"]], None]]
    """Size of the units that get scores; default `word`, or `token` for `/saliency`. Several make a hierarchy. Of a
    picture `patch` (default) or `superpixel`; beside a picture units of texts are those of the label that is the
    target.
    """
    overflow: NotRequired[Overflow]
    """What to do with a text over the model's limit; of a text that fits it says nothing. Default `error`, but
    `/tokenize` lists all.
    """
    window_reduction: NotRequired[WindowReduction]
    """How windows are combined under `"overflow": "window"`; default `mean`."""
    offset_unit: NotRequired[OffsetUnit]
    """What offsets count, in the request and in the answer; default `utf16`."""
    max_new_tokens: NotRequired[Union[int, None]]
    """Models that generate: continue greedily by at most so many tokens, from 1 to 512, and explain those. Seq2seq
    models do so by default, with 32; causal models explain the next token where neither this nor a target is
    given.
    """
    spans: NotRequired[Union[list[list[int]], None]]
    """The caller's own units, [start, end] each, in place of `granularity`; at most 10,000, without overlap."""
    redact: NotRequired[Union[list[list[int]], None]]
    """Stretches of `text`, [start, end] each, that become `█` before a model reads them, so that no answer, picture
    or result tells what stood there; at most 10,000.
    """
    methods: NotRequired[Union[list[dict[str, Any]], None]]
    """What is compared, from 2 to 30, each with a name of its own or called by what it is; scores from elsewhere may
    be among them, whose spans are then the units of all. Default: what the model supports of integrated
    gradients, CP-LRP, gradient relevance, occlusion, Shapley values and LIME.
    """
    texts: NotRequired[Union[list[str], None]]
    """Several texts in place of `text`, from 1 to 1,000: figures are then means over them."""
    metrics: NotRequired[Union[list[MetricListChoice], None]]
    """What is measured, each once; default `area`, `comprehensiveness` and `sufficiency`, and `plausibility` where
    there is a `rationale`. Always with `area`.
    """
    replacements: NotRequired[Union[list[Union[Literal["mask", "pad", "delete", "mean", "zero", "blur", "noise"], dict[str, Any]]], None]]
    """What stands in for removed units, each kind once; default `mask` and `delete`."""
    random_orders: NotRequired[Union[int, None]]
    """How many random rankings each figure is compared with; default 20."""
    normalise: NotRequired[Union[bool, None]]
    """Whether to find the best and the worst figure of any ranking; default `false`."""
    rationale: NotRequired[Union[list[list[int]], None]]
    """The spans, [start, end] each, that a person gives as reasons, for `plausibility`; up to 10,000."""
    rationales: NotRequired[Union[list[list[list[int]]], None]]
    """Beside `texts`, what `rationale` is of one: a list of spans for each text, empty where nobody has given
    reasons.
    """
    max_evaluations: NotRequired[Union[int, None]]
    """The most texts that may be scored for each text of the request, by the methods and the metrics together;
    default 4,000.
    """


class ComparedMethod(TypedDict):
    """A method beside others."""

    name: Required[str]
    """What it is called."""
    metrics: Required[dict[str, dict[str, MetricAnswer]]]
    """{metric: {replacement: figures}}; over several texts means with their standard errors."""
    evaluations: Required[int]
    """Texts that it scored or differentiated, over all texts, whether or not another had asked for them."""
    elapsed_ms: Required[float]
    """Time that its explanations took, in milliseconds, over all texts; what another had scored was there already."""


class ComparisonSummary(TypedDict):
    """Of kind `compare`: which explanation is the most faithful over all rows, as `/compare` says it of several
    texts.
    """

    texts: Required[int]
    """Rows that were compared."""
    methods: Required[list[MethodFigures]]
    """The methods, in the order of the request."""
    agreement: Required[list[list[Union[float, None]]]]
    """[method][method]: mean of Spearman's coefficient between the scores of two methods; null where scores are all
    equal.
    """
    recommendation: NotRequired[Recommendation]
    """The method with the largest mean `area`; none where it was measured of none."""
    differences: Required[list[PairedDifference]]
    """How it differs from each other method, by paired t-tests with Holm's correction."""


class CompletionModel(TypedDict):
    """A model as OpenAI's clients read it."""

    id: Required[str]
    """Its name."""
    object: Required[str]
    """`model`."""
    created: Required[int]
    """0: it is not known."""
    owned_by: Required[str]
    """This service."""


class CounterfactualAnswer(TypedDict):
    """What `/counterfactual` answers."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, as it was sent."""
    model: Required[str]
    """The model's name."""
    method: Required[str]
    """What computed the scores, as the request calls it."""
    objective: Required[Objective]
    """The function of the target's logits that is explained."""
    prediction: Required[Prediction]
    """What the model says of the text."""
    target: Required[TargetAnswer]
    """What is explained."""
    against: NotRequired[TargetAnswer]
    """What the explained score is the difference to, where the request says `against`."""
    image: NotRequired[PictureAnswer]
    """The picture that was explained, where it was one."""
    tokens: Required[list[TokenAnswer]]
    """The whole sequence that the model saw (seq2seq: the encoder's)."""
    generated: NotRequired[list[GeneratedToken]]
    """Generated (or given) target tokens, each with its own scores."""
    unseen: NotRequired[list[UnseenText]]
    """Where the model saw only part of the text: the parts that it did not see."""
    evaluations: Required[int]
    """Texts that the model scored or differentiated for this answer: of a method that changes the text, the whole
    one and its changed forms, each once however many windows or identical ones it has.
    """
    seed: Required[int]
    """Seed of every random draw."""
    elapsed_ms: Required[float]
    """Time from the parsed request to this answer, in milliseconds."""
    warnings: Required[list[str]]
    """What a reader must know to read the numbers right, in sentences."""
    warning_codes: Required[list[str]]
    """A stable code of each warning, in the same order."""
    quality: NotRequired[dict[str, dict[str, MetricAnswer]]]
    """With `"quality": "basic"`: how far the scores can be trusted, as `metrics` of `/evaluate` says it: {metric:
    {replacement: figures}}.
    """
    unsigned: NotRequired[bool]
    """`true` where scores are sizes alone, in no unit of the objective: how much a part matters, not for what."""
    granularity: Required[str]
    """Size of the units that were changed; `spans` for the caller's own."""
    replacement: NotRequired[str]
    """Of a picture: what stands for hidden units."""
    counterfactuals: Required[list[CounterfactualTextAnswer]]
    """Fewest edits first (with `keep` the shortest text); every one was confirmed by the model."""


class CounterfactualRequest(TypedDict):
    """`POST /counterfactual`."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, a string or a number: its answer carries it, and of a line of NDJSON its
    problem too.
    """
    model: NotRequired[Union[str, None]]
    """The model's name; default: the only or the configured one."""
    target: NotRequired[TargetRequest]
    """What is explained; default: what the model predicts."""
    against: NotRequired[TargetRequest]
    """A second target: what is explained is then the difference of the two logits, or log-probabilities
    (`objective``probability` is taken for the latter): why this and not that. Default: none.
    """
    objective: NotRequired[Objective]
    """The function of the target's logits that is explained; default `probability`, of generated tokens
    `log_probability`, of regression `logit`.
    """
    seed: NotRequired[Union[int, None]]
    """Seed of every random draw: any whole number of 64 bits; default 0."""
    deadline_ms: NotRequired[Union[int, None]]
    """The best answer so far after this many milliseconds where a method can, else 504. From 1 to the server's own
    limit for one request (`Limits:MaxRequestSeconds`, 600 s by default).
    """
    precision: NotRequired[Precision]
    """Arithmetic of perturbation rows; default `exact`."""
    quality: NotRequired[AnswerQuality]
    """`basic`: the answer says how far its scores can be trusted, by `area` under `mask` beside 20 random orders (up
    to 42 evaluations a unit); default `none`.
    """
    text: NotRequired[str]
    """The text; required, unless there are `messages` or an `image`."""
    image: NotRequired[Union[str, None]]
    """A picture in place of `text`, for models of pictures, alone or beside `labels`: PNG, JPEG or WebP, as base64
    or as a `data:` URL. In a form (`multipart/form-data`) it is the part `image`, the bytes themselves.
    """
    segments: NotRequired[Union[int, None]]
    """Of a picture with `"granularity": "superpixel"`: about how many, from 2 to 1,000; default 50."""
    messages: NotRequired[Union[list[MessageRequest], None]]
    """A conversation in place of `text`, up to 1,000 messages, for models with a chat template: the model reads what
    the template makes of it, and the contents are explained.
    """
    pair: NotRequired[Union[str, None]]
    """A second text: NLI, the context when `text` is a question, or what a model without a head compares `text` to."""
    labels: NotRequired[Union[list[str], None]]
    """Labels of your own, from 1 to 100, for a model of natural language inference: how far the text entails the
    hypothesis of each (zero-shot classification); for a model that compares pictures with texts: how like each
    the `image` is.
    """
    hypothesis_template: NotRequired[Union[str, None]]
    """What `labels` claim of the text, with `{}` where the label stands; default `This example is {}.`, beside a
    picture the label alone.
    """
    granularity: NotRequired[Union[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"], list[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"]], None]]
    """Size of the units that get scores; default `word`, or `token` for `/saliency`. Several make a hierarchy. Of a
    picture `patch` (default) or `superpixel`; beside a picture units of texts are those of the label that is the
    target.
    """
    overflow: NotRequired[Overflow]
    """What to do with a text over the model's limit; of a text that fits it says nothing. Default `error`, but
    `/tokenize` lists all.
    """
    window_reduction: NotRequired[WindowReduction]
    """How windows are combined under `"overflow": "window"`; default `mean`."""
    offset_unit: NotRequired[OffsetUnit]
    """What offsets count, in the request and in the answer; default `utf16`."""
    max_new_tokens: NotRequired[Union[int, None]]
    """Models that generate: continue greedily by at most so many tokens, from 1 to 512, and explain those. Seq2seq
    models do so by default, with 32; causal models explain the next token where neither this nor a target is
    given.
    """
    spans: NotRequired[Union[list[list[int]], None]]
    """The caller's own units, [start, end] each, in place of `granularity`; at most 10,000, without overlap."""
    redact: NotRequired[Union[list[list[int]], None]]
    """Stretches of `text`, [start, end] each, that become `█` before a model reads them, so that no answer, picture
    or result tells what stood there; at most 10,000.
    """
    method: NotRequired[CounterfactualKind]
    """How the text is changed; default `remove`."""
    to: NotRequired[Union[str, int, None]]
    """What the model is to say instead: a label by name or index, of a language model a token, of question answering
    the answer's text; default any other.
    """
    max_edits: NotRequired[Union[int, None]]
    """The most changes of one counterfactual; with `keep` the most units kept. Default 10, for `flip` and `fill` 5,
    for `reduce` no limit.
    """
    beam: NotRequired[Union[int, None]]
    """Texts that a search goes on from at each size; default 5."""
    count: NotRequired[Union[int, None]]
    """How many counterfactuals are wanted, all different; default 1."""
    keep: NotRequired[Union[bool, None]]
    """`remove`: the smallest set of units that alone keeps the prediction; default `false`."""
    replacement: NotRequired[Union[Literal["mask", "pad", "delete", "mean", "zero", "blur", "noise"], dict[str, Any], None]]
    """Of a picture: what stands for hidden units; default `mean`. Units of a text are taken out of it."""
    fill_model: NotRequired[Union[str, None]]
    """`fill`: the masked language model, one of those that are served; default the model itself where it is one."""
    max_evaluations: NotRequired[Union[int, None]]
    """The most texts scored or differentiated, those of `fill_model` included; default 500, fewer where the text is
    read in windows.
    """


class CounterfactualTextAnswer(TypedDict):
    """A changed text and what the model says of it."""

    text: Required[str]
    """The text with the edits applied; of a picture one object replacement character for each unit that is shown."""
    pair: NotRequired[str]
    """The second text with its edits applied, where there is one."""
    edits: Required[list[EditAnswer]]
    """The changes, in text order, without overlap; each can be put back by itself."""
    prediction: Required[Prediction]
    """What `/predict` says of this very text, or the model of the picture with these units hidden."""
    target: NotRequired[TargetAnswer]
    """Where a token is explained: its place in the changed text's own tokens."""
    minimal: Required[bool]
    """Whether no edit can be put back: each was, and the prediction was as before. With `keep` and `reduce`: no
    further unit can go. `false` where there was no time or budget to find out.
    """


class CurvePoint(TypedDict):
    """What the model says with so many of the strongest units gone, or back."""

    k: Required[int]
    """How many, from none to all."""
    value: Required[float]
    """The probability of the target."""
    random: NotRequired[RandomFigures]
    """The same with units in random orders."""


class DefaultsAnswer(TypedDict):
    """What takes the place of text where a request does not say."""

    replacement: Required[str]
    """Of removed units: a token of the vocabulary, or `delete`; as `replacement` of answers has it."""
    baseline: Required[str]
    """Where integrated gradients start: a token of the vocabulary, or `zero`. `gradient_shap` starts at padding."""


class DriftBaseline(TypedDict):
    """What answers are compared with: one of the two."""

    job: NotRequired[str]
    """A job that has ended: its answers to the rows of the same numbers."""
    model: NotRequired[str]
    """Another model, which is asked the same."""


class DriftSummary(TypedDict):
    """Of kind `drift`: how the answers differ from those that they are compared with."""

    before: Required[list[str]]
    """The model that gave those; several where its name changed."""
    before_sha256: Required[list[str]]
    """SHA-256 of its graph, lower-case hex; several where its files changed."""
    rows: Required[int]
    """Rows that both predict a label of, with the same text."""
    flipped: NotRequired[float]
    """Share of them whose predicted label is another now; none where there are none."""
    flips: Required[list[LabelFlip]]
    """From which label to which, the most frequent first."""
    labels: Required[list[LabelShift]]
    """Shares of predicted labels, over all rows of each."""
    label_shift: Required[float]
    """Total variation distance of those shares: half the sum of their differences, from 0 to 1."""
    ndcg: NotRequired[float]
    """The least NDCG of the labels; none without explanations."""
    words: Required[list[WordDrift]]
    """Of each label that both explained: how far its words have kept their rank."""
    lost: Required[list[str]]
    """Labels without a word that both have, whose NDCG is 0."""


class Drops(TypedDict):
    """How much worse the model does over all rows; negative: better."""

    accuracy: Required[Estimate]
    """Drop of accuracy; of rows without a label of their own, of agreement with the whole text's prediction."""
    macro_f1: Required[Estimate]
    """Drop of macro F1."""
    log_loss: Required[Estimate]
    """Rise of the log loss."""
    mean_probability: Required[Estimate]
    """Drop of the mean probability of the label."""


EditAnswer = TypedDict(
    'EditAnswer',
    {
        "start": 'Required[int]',
        "end": 'Required[int]',
        "from": 'Required[str]',
        "to": 'Required[str]',
        "in": 'NotRequired[str]',
        "box": 'NotRequired[list[int]]',
    },
)


EntityAnswer = TypedDict(
    'EntityAnswer',
    {
        "label": 'Required[str]',
        "text": 'Required[str]',
        "start": 'Required[int]',
        "end": 'Required[int]',
        "tokens": 'Required[list[int]]',
        "probability": 'Required[float]',
        "in": 'NotRequired[str]',
    },
)


class Estimate(TypedDict):
    """A number with its bootstrap 95 % interval over the rows."""

    value: Required[float]
    low: Required[float]
    high: Required[float]


class EvaluateAnswer(TypedDict):
    """What `/evaluate` answers."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, as it was sent."""
    model: Required[str]
    """The model's name."""
    method: Required[str]
    """What computed the scores, as the request calls it."""
    objective: Required[Objective]
    """The function of the target's logits that is explained."""
    prediction: Required[Prediction]
    """What the model says of the text."""
    target: Required[TargetAnswer]
    """What is explained."""
    against: NotRequired[TargetAnswer]
    """What the explained score is the difference to, where the request says `against`."""
    image: NotRequired[PictureAnswer]
    """The picture that was explained, where it was one."""
    tokens: Required[list[TokenAnswer]]
    """The whole sequence that the model saw (seq2seq: the encoder's)."""
    generated: NotRequired[list[GeneratedToken]]
    """Generated (or given) target tokens, each with its own scores."""
    unseen: NotRequired[list[UnseenText]]
    """Where the model saw only part of the text: the parts that it did not see."""
    evaluations: Required[int]
    """Texts that the model scored or differentiated for this answer: of a method that changes the text, the whole
    one and its changed forms, each once however many windows or identical ones it has.
    """
    seed: Required[int]
    """Seed of every random draw."""
    elapsed_ms: Required[float]
    """Time from the parsed request to this answer, in milliseconds."""
    warnings: Required[list[str]]
    """What a reader must know to read the numbers right, in sentences."""
    warning_codes: Required[list[str]]
    """A stable code of each warning, in the same order."""
    quality: NotRequired[dict[str, dict[str, MetricAnswer]]]
    """With `"quality": "basic"`: how far the scores can be trusted, as `metrics` of `/evaluate` says it: {metric:
    {replacement: figures}}.
    """
    unsigned: NotRequired[bool]
    """`true` where scores are sizes alone, in no unit of the objective: how much a part matters, not for what."""
    explanation: Required[EvaluatedExplanation]
    """What was judged."""
    metrics: Required[dict[str, dict[str, MetricAnswer]]]
    """{metric: {replacement: figures}}; metrics that change no text have the same figures under each."""


class EvaluateRequest(TypedDict):
    """`POST /evaluate`."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, a string or a number: its answer carries it, and of a line of NDJSON its
    problem too.
    """
    model: NotRequired[Union[str, None]]
    """The model's name; default: the only or the configured one."""
    target: NotRequired[TargetRequest]
    """What is explained; default: what the model predicts."""
    against: NotRequired[TargetRequest]
    """A second target: what is explained is then the difference of the two logits, or log-probabilities
    (`objective``probability` is taken for the latter): why this and not that. Default: none.
    """
    objective: NotRequired[Objective]
    """The function of the target's logits that is explained; default `probability`, of generated tokens
    `log_probability`, of regression `logit`.
    """
    seed: NotRequired[Union[int, None]]
    """Seed of every random draw: any whole number of 64 bits; default 0."""
    deadline_ms: NotRequired[Union[int, None]]
    """The best answer so far after this many milliseconds where a method can, else 504. From 1 to the server's own
    limit for one request (`Limits:MaxRequestSeconds`, 600 s by default).
    """
    precision: NotRequired[Precision]
    """Arithmetic of perturbation rows; default `exact`."""
    quality: NotRequired[AnswerQuality]
    """`basic`: the answer says how far its scores can be trusted, by `area` under `mask` beside 20 random orders (up
    to 42 evaluations a unit); default `none`.
    """
    text: NotRequired[str]
    """The text; required, unless there are `messages` or an `image`."""
    image: NotRequired[Union[str, None]]
    """A picture in place of `text`, for models of pictures, alone or beside `labels`: PNG, JPEG or WebP, as base64
    or as a `data:` URL. In a form (`multipart/form-data`) it is the part `image`, the bytes themselves.
    """
    segments: NotRequired[Union[int, None]]
    """Of a picture with `"granularity": "superpixel"`: about how many, from 2 to 1,000; default 50."""
    messages: NotRequired[Union[list[MessageRequest], None]]
    """A conversation in place of `text`, up to 1,000 messages, for models with a chat template: the model reads what
    the template makes of it, and the contents are explained.
    """
    pair: NotRequired[Union[str, None]]
    """A second text: NLI, the context when `text` is a question, or what a model without a head compares `text` to."""
    labels: NotRequired[Union[list[str], None]]
    """Labels of your own, from 1 to 100, for a model of natural language inference: how far the text entails the
    hypothesis of each (zero-shot classification); for a model that compares pictures with texts: how like each
    the `image` is.
    """
    hypothesis_template: NotRequired[Union[str, None]]
    """What `labels` claim of the text, with `{}` where the label stands; default `This example is {}.`, beside a
    picture the label alone.
    """
    granularity: NotRequired[Union[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"], list[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"]], None]]
    """Size of the units that get scores; default `word`, or `token` for `/saliency`. Several make a hierarchy. Of a
    picture `patch` (default) or `superpixel`; beside a picture units of texts are those of the label that is the
    target.
    """
    overflow: NotRequired[Overflow]
    """What to do with a text over the model's limit; of a text that fits it says nothing. Default `error`, but
    `/tokenize` lists all.
    """
    window_reduction: NotRequired[WindowReduction]
    """How windows are combined under `"overflow": "window"`; default `mean`."""
    offset_unit: NotRequired[OffsetUnit]
    """What offsets count, in the request and in the answer; default `utf16`."""
    max_new_tokens: NotRequired[Union[int, None]]
    """Models that generate: continue greedily by at most so many tokens, from 1 to 512, and explain those. Seq2seq
    models do so by default, with 32; causal models explain the next token where neither this nor a target is
    given.
    """
    spans: NotRequired[Union[list[list[int]], None]]
    """The caller's own units, [start, end] each, in place of `granularity`; at most 10,000, without overlap."""
    redact: NotRequired[Union[list[list[int]], None]]
    """Stretches of `text`, [start, end] each, that become `█` before a model reads them, so that no answer, picture
    or result tells what stood there; at most 10,000.
    """
    explanation: NotRequired[Union[dict[str, Any], None]]
    """What is judged; default `/saliency`, or `/occlusion` where the model has no gradient."""
    metrics: NotRequired[Union[list[MetricListChoice], None]]
    """What is measured, each once; default all that need no second model: not `max_sensitivity` and `randomisation`,
    and `plausibility` where there is a `rationale`.
    """
    replacements: NotRequired[Union[list[Union[Literal["mask", "pad", "delete", "mean", "zero", "blur", "noise"], dict[str, Any]]], None]]
    """What stands in for removed units, each kind once; default `mask` and `delete`."""
    random_orders: NotRequired[Union[int, None]]
    """How many random rankings each figure is compared with; default 20."""
    normalise: NotRequired[Union[bool, None]]
    """Whether to find the best and the worst figure of any ranking; default `false`."""
    rationale: NotRequired[Union[list[list[int]], None]]
    """The spans, [start, end] each, that a person gives as reasons, for `plausibility`; up to 10,000."""
    max_evaluations: NotRequired[Union[int, None]]
    """The most texts that may be scored; those that the explanation itself takes count, whatever they are, and
    metrics have what is left. Default 4,000.
    """


class EvaluatedExplanation(TypedDict):
    """An explanation as it was judged."""

    name: NotRequired[str]
    """What it is called beside others."""
    endpoint: NotRequired[str]
    """The endpoint that gave it; left out of scores that the caller sent."""
    method: Required[str]
    """What computed the scores, as that endpoint's answer says it; `scores` of those that the caller sent."""
    granularity: Required[str]
    """Size of the units; `spans` for the caller's own."""
    unsigned: NotRequired[bool]
    """`true` where scores are sizes alone: units are ranked by them whatever their sign."""
    units: Required[list[UnitAnswer]]
    """Units of the text with their scores, in text order."""
    evaluations: NotRequired[int]
    """Texts that the method scored or differentiated, whether or not another had asked for them."""
    r2: NotRequired[float]
    """Of a surrogate: its weighted R²."""
    completeness_error: NotRequired[float]
    """Of integrated and expected gradients: |Σ scores − (f(x) − f(baseline))|."""
    warnings: NotRequired[list[str]]
    """What a reader must know of it, in sentences."""
    warning_codes: NotRequired[list[str]]
    """A stable code of each warning, in the same order."""


class FactorAnswer(TypedDict):
    """Neurons that fire together, and on which tokens."""

    tokens: Required[list[float]]
    """How strong the factor is at each token."""
    neurons: Required[list[FactorNeuron]]
    """Its strongest neurons, strongest first."""


class FactorNeuron(TypedDict):
    """A neuron's part in a factor."""

    layer: Required[int]
    """Its layer."""
    neuron: Required[int]
    """Its number in the layer."""
    weight: Required[float]
    """How much it takes part."""


class FaithfulnessSummary(TypedDict):
    """How far the scores of the method that was used can be trusted: `area` over the rows that measured it."""

    method: Required[str]
    """The method; of kind `compare` the recommended one."""
    rows: Required[int]
    """Rows."""
    area: Required[float]
    """Mean area: in logits, how much more is lost with the strongest units removed first than with them removed
    last.
    """
    standard_error: NotRequired[float]
    """Its standard error; none of a single row."""
    random: NotRequired[float]
    """Mean area of random rankings of the same units."""
    z: NotRequired[float]
    """Mean over the rows of how many standard deviations of random rankings the area is above their mean."""


class FastAnswer(TypedDict):
    """How far the int8 form is from the model, measured on calibration rows."""

    supported: Required[bool]
    """There is one."""
    reason: NotRequired[str]
    """Why there is none."""
    mean_deviation: NotRequired[float]
    """Mean |Δ logit| as a fraction of the range of the logits."""
    p95_deviation: NotRequired[float]
    """95th percentile of the same."""
    products: NotRequired[int]
    """Matrix products with weights in the model."""
    kept_in_float: NotRequired[int]
    """Those of them that stay in float32."""


class FeatureImportance(TypedDict):
    """How much a feature matters."""

    feature: Required[str]
    """A word or a phrase."""
    documents: Required[int]
    """Rows that hold it."""
    exclusion: Required[Drops]
    """With it removed from every text that holds it."""
    permutation: NotRequired[Drops]
    """With words of other texts in its places: means over the draws."""


class FeatureWeight(TypedDict):
    """A word or a pair of words and its weight."""

    feature: Required[str]
    weight: Required[float]


class Fidelity(TypedDict):
    """How well a surrogate speaks for the model on held-out rows."""

    agreement: Required[float]
    """Share of rows for which both choose the same label."""
    r2: Required[float]
    """Of the model's log-odds of every label, by the surrogate's."""
    macro_f1: Required[float]
    """With the model's labels as the truth."""


class FrozenCounts(TypedDict):
    """How many parts of a model stood still, or were shared out, on the way back."""

    attention: Required[int]
    """Softmaxes over keys."""
    norm: Required[int]
    """Scales of normalisations."""
    activation: Required[int]
    """Slopes of activations."""
    gate: Required[int]
    """Products of two branches of a feed-forward network."""


class GeneratedToken(TypedDict):
    """One target token of a generation with its own scores."""

    token: Required[str]
    """Vocabulary form."""
    token_id: Required[int]
    """Vocabulary id."""
    text: Required[str]
    """The text that it adds; empty for special tokens."""
    forced: NotRequired[bool]
    """`true` where the model's generation settings put it there whatever the model says (`forced_eos_token_id`): it
    is no part of what is explained.
    """
    probability: Required[float]
    """Its probability given what stands before it."""
    score: NotRequired[float]
    """f: what `scores` explain."""
    scores: NotRequired[list[float]]
    """One score for each of `tokens`. Perturbation methods measure whole units: the tokens of a unit share its score
    evenly, so that sums over units are theirs.
    """
    generated_scores: NotRequired[list[float]]
    """One score for each earlier generated token, the text being as it is: its gradient, its attention, the drop
    when it alone is occluded, its Shapley value or its weight in a surrogate among the earlier ones, the drop
    when others take its place. Scores of the text's tokens by perturbation take the earlier generated ones as
    given.
    """
    completeness_error: NotRequired[float]
    """Integrated gradients and gradient_shap: |Σ of both scores − (f(x) − f(baseline))| of this token."""


class HeadAnswer(TypedDict):
    """An attention head that was switched off."""

    score: Required[float]
    """The drop of f without it."""
    types: Required[HeadTypesAnswer]
    """What it attends to."""
    importance: NotRequired[float]
    """Σ |o ⊙ ∂f/∂o| over what the head gives out: how much it matters, without switching it off (Michel et al.
    2019). Missing where the model cannot be differentiated.
    """


class HeadTypesAnswer(TypedDict):
    """Shares of a head's attention, means over the tokens that look, and its entropy in nats (Clark et al. 2019;
    Olsson et al. 2022).
    """

    previous: Required[float]
    """On the token before."""
    next: Required[float]
    """On the token behind."""
    same: Required[float]
    """On the token itself."""
    first: Required[float]
    """On the first token."""
    separators: Required[float]
    """On special tokens other than the first."""
    copies: Required[float]
    """On earlier copies of the same token."""
    induction: Required[float]
    """On tokens behind earlier copies of the same token."""
    entropy: Required[float]
    """Entropy of the attention."""


class HealthAnswer(TypedDict):
    """The answer of `/health/ready` when all is well."""

    status: Required[str]
    """`ready`."""


class InputFacts(TypedDict):
    """What a job has read."""

    name: NotRequired[str]
    """The file's name; none of posted texts."""
    job: NotRequired[str]
    """The job whose answers were read; what stands here is that of its input."""
    format: Required[RowFormat]
    """How it is written."""
    bytes: Required[int]
    """Bytes as they came."""
    sha256: Required[str]
    """SHA-256 of those bytes, lower-case hex."""


class JobAnswer(TypedDict):
    """A job."""

    id: Required[str]
    """Its name in paths."""
    name: NotRequired[str]
    """The caller's name of it."""
    kind: Required[JobKind]
    """What it does."""
    state: Required[JobState]
    """How far it is."""
    progress: Required[JobProgress]
    """How far, in rows."""
    error: NotRequired[str]
    """Why it failed, in a sentence."""
    created: Required[str]
    """When it was posted."""
    started: NotRequired[str]
    """When its first row was begun."""
    finished: NotRequired[str]
    """When it ended."""
    input: Required[InputFacts]
    """What was read."""
    model_sha256: NotRequired[list[str]]
    """SHA-256 of the model's graph, lower-case hex, as soon as a row was answered; several where the model's files
    changed while the job ran.
    """
    columns: NotRequired[JobColumns]
    """Which columns hold what, as posted."""
    request: NotRequired[Any]
    """What every row is asked, as posted, with the model's name."""
    against: NotRequired[DriftBaseline]
    """What the answers are compared with, as posted."""
    only_if: NotRequired[RowFilter]
    """Which rows are worked on, as posted."""
    output: NotRequired[JobOutput]
    """What the results are written as, as posted."""
    report: NotRequired[bool]
    """Whether the evidence holds the report, as posted."""


class JobColumns(TypedDict):
    """Names of columns, or of fields of lines."""

    text: NotRequired[Union[str, None]]
    """The text; default `text`."""
    pair: NotRequired[Union[str, None]]
    """A second text; default `pair`, where there is one."""
    label: NotRequired[Union[str, None]]
    """The true label, by name or by index; default `label`, where there is one."""
    slice: NotRequired[Union[str, None]]
    """By what summary and report tell rows apart, such as a product or a month; default nothing."""
    redact: NotRequired[Union[str, None]]
    """Stretches of the text that are masked before the row is kept, `[[start, end], …]` in the request's
    `offset_unit`, in CSV and Parquet as a text; default nothing.
    """
    id: NotRequired[Union[str, None]]
    """The caller's name of a row; default `id`, where there is one, else the row's number."""


class JobInput(TypedDict):
    """Where the rows of a job are."""

    path: NotRequired[Union[str, None]]
    """A file below `Jobs:InputDirectory`."""
    texts: NotRequired[Union[list[str], None]]
    """The texts themselves."""
    job: NotRequired[Union[str, None]]
    """Of kind `drift`: a job that has ended, whose answers are compared; no model is asked."""
    format: NotRequired[RowFormat]
    """How the file is written; left out, its name says it."""


class JobList(TypedDict):
    """Jobs, newest first."""

    jobs: Required[list[JobAnswer]]
    """The jobs."""
    after: NotRequired[str]
    """What to send as `after` for those before them; left out where there are none."""


class JobOutput(TypedDict):
    """How results are written."""

    format: NotRequired[OutputFormat]
    """The format; default `ndjson`."""


class JobProgress(TypedDict):
    """How far a job is, in rows."""

    rows: Required[int]
    """Rows of the input."""
    done: Required[int]
    """Rows that are through, skipped and failed ones among them."""
    skipped: Required[int]
    """Rows that `only_if` left out."""
    failed: Required[int]
    """Rows whose result is a problem."""
    rows_per_second: NotRequired[float]
    """Rows that come through in a second, since the job was begun or resumed."""
    seconds_left: NotRequired[float]
    """Seconds to the end at that pace."""


class JobRequest(TypedDict):
    """`POST /jobs`: a whole file of requests."""

    kind: Required[JobKind]
    """What is done."""
    input: NotRequired[JobInput]
    """Where the rows are; left out where a part `file` brings them."""
    columns: NotRequired[JobColumns]
    """Which columns (or fields of lines) hold what."""
    request: NotRequired[Any]
    """What every row is asked: `endpoint` (as in `/shap`; of kinds `explain`, `global` and `drift`) and that
    endpoint's own fields, without `text`. For `importance` also `features`, `draws` and `seed`; for `compare` the
    fields of `/compare` without `texts`; for `neurons` those of `/neurons` without `corpus`.
    """
    against: NotRequired[DriftBaseline]
    """Of kind `drift`: what the answers are compared with."""
    only_if: NotRequired[RowFilter]
    """Which rows are worked on, by what the model says of them; the others are skipped and have no result."""
    output: NotRequired[JobOutput]
    """What the results are written as."""
    report: NotRequired[Union[bool, None]]
    """Whether the evidence holds the report for people; default `true`."""
    name: NotRequired[Union[str, None]]
    """A name for people, up to 200 characters."""


class JobSummary(TypedDict):
    """`GET /jobs/{id}/summary`: what all results so far say together."""

    id: Required[str]
    """The job."""
    kind: Required[JobKind]
    """What it does."""
    state: Required[JobState]
    """How far it is: the summary of a job that runs is of the rows up to the first that is not done."""
    answered: Required[int]
    """Rows with an answer."""
    failed: Required[int]
    """Rows with a problem."""
    model: NotRequired[str]
    """The model."""
    predictions: Required[list[LabelShare]]
    """What it predicts."""
    performance: NotRequired[Performance]
    """How well it does, over the rows that have a label of their own."""
    words: NotRequired[list[LabelWords]]
    """For each label that was explained, the words that speak for it and against it: strongest mean first."""
    features: NotRequired[list[FeatureImportance]]
    """Of kind `importance`: the drop of each figure without a feature, strongest drop of the mean probability first."""
    surrogate: NotRequired[SurrogateSummary]
    """Of kind `surrogate`: how far simple models can speak for the model, and what they say."""
    comparison: NotRequired[ComparisonSummary]
    """Of kind `compare`: which explanation is the most faithful."""
    meanings: NotRequired[list[NeuronMeaning]]
    """Of kind `neurons`: what raises each of them; `text` of an example is its row's number."""
    drift: NotRequired[DriftSummary]
    """Of kind `drift`: how the answers differ from those that they are compared with."""
    slices: NotRequired[list[SliceSummary]]
    """Rows by the caller's column (`columns.slice`)."""
    shortcuts: NotRequired[ShortcutSummary]
    """Where in the texts the scores lie."""
    faithfulness: NotRequired[FaithfulnessSummary]
    """How far the scores can be trusted, where they were measured (`"quality": "basic"`, kind `compare`)."""
    warnings: Required[list[str]]
    """What a reader must know to read the numbers right, in sentences."""


class LabelAnswer(TypedDict):
    """One class (or vocabulary entry) with its logit and probability."""

    label: Required[str]
    """Its name."""
    index: Required[int]
    """Its column of the logits."""
    logit: NotRequired[float]
    """Left out where the model rules the class out by a logit of −∞."""
    probability: NotRequired[float]
    """Left out of a regression."""


LabelFlip = TypedDict(
    'LabelFlip',
    {
        "from": 'Required[str]',
        "to": 'Required[str]',
        "rows": 'Required[int]',
    },
)


class LabelPerformance(TypedDict):
    """One label."""

    label: Required[str]
    rows: Required[int]
    precision: Required[float]
    recall: Required[float]
    f1: Required[float]


class LabelScores(TypedDict):
    """Scores of one class (or of one entity's label) where all were asked for."""

    label: Required[str]
    index: Required[int]
    scores: Required[list[float]]
    base_value: NotRequired[float]
    """f with every unit absent."""
    value: NotRequired[float]
    """f of the text."""
    standard_errors: NotRequired[list[Union[float, None]]]
    """Standard errors of the scores, where sampled; null for a score of a single draw."""
    intercept: NotRequired[float]
    """Intercept of the class's own surrogate model."""
    r2: NotRequired[float]
    """Weighted R² of the class's own surrogate model."""
    tokens: NotRequired[list[int]]
    """Token classification, all entities at once: the entity's tokens."""
    text: NotRequired[str]
    """The entity's text."""


class LabelShare(TypedDict):
    """A predicted label."""

    label: Required[str]
    """Its name."""
    rows: Required[int]
    """How many rows it is predicted for."""
    share: Required[float]
    """Of all."""
    mean_probability: NotRequired[float]
    """Of it, over those rows."""


class LabelShift(TypedDict):
    """A label's share of the predictions."""

    label: Required[str]
    before: Required[float]
    now: Required[float]


class LabelWeights(TypedDict):
    """Weights of one label."""

    label: Required[str]
    intercept: Required[float]
    words: Required[list[FeatureWeight]]


class LabelWords(TypedDict):
    """Words of the rows that one label was explained of."""

    label: Required[str]
    rows: Required[int]
    words: Required[list[WordScore]]


class LayerAnswer(TypedDict):
    """One layer; 0 is what enters the first."""

    layer: Required[int]
    """Number of layers that have been passed."""
    scores: NotRequired[list[float]]
    """What each token's part of the stream contributes to f there, over `tokens`."""
    value: NotRequired[float]
    """`lens`: f, had the model ended here."""
    labels: NotRequired[list[LabelAnswer]]
    """`lens`: classes with their logits and probabilities; of a vocabulary the strongest entries."""


class LayerFigure(TypedDict):
    """A figure with some of the model's layers drawn anew."""

    layers: Required[int]
    """How many, from the top; what is above them is drawn anew too."""
    value: NotRequired[float]
    """The figure; null where the scores are all equal."""


class LayerNeurons(TypedDict):
    """The strongest neurons of a layer."""

    layer: Required[int]
    """The layer."""
    neurons: Required[list[NeuronAnswer]]
    """Strongest first."""


class LayersAnswer(TypedDict):
    """What `/layers` answers."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, as it was sent."""
    model: Required[str]
    """The model's name."""
    method: Required[str]
    """What computed the scores, as the request calls it."""
    objective: Required[Objective]
    """The function of the target's logits that is explained."""
    prediction: Required[Prediction]
    """What the model says of the text."""
    target: Required[TargetAnswer]
    """What is explained."""
    against: NotRequired[TargetAnswer]
    """What the explained score is the difference to, where the request says `against`."""
    image: NotRequired[PictureAnswer]
    """The picture that was explained, where it was one."""
    tokens: Required[list[TokenAnswer]]
    """The whole sequence that the model saw (seq2seq: the encoder's)."""
    generated: NotRequired[list[GeneratedToken]]
    """Generated (or given) target tokens, each with its own scores."""
    unseen: NotRequired[list[UnseenText]]
    """Where the model saw only part of the text: the parts that it did not see."""
    evaluations: Required[int]
    """Texts that the model scored or differentiated for this answer: of a method that changes the text, the whole
    one and its changed forms, each once however many windows or identical ones it has.
    """
    seed: NotRequired[int]
    """Seed of every random draw."""
    elapsed_ms: Required[float]
    """Time from the parsed request to this answer, in milliseconds."""
    warnings: Required[list[str]]
    """What a reader must know to read the numbers right, in sentences."""
    warning_codes: Required[list[str]]
    """A stable code of each warning, in the same order."""
    quality: NotRequired[dict[str, dict[str, MetricAnswer]]]
    """With `"quality": "basic"`: how far the scores can be trusted, as `metrics` of `/evaluate` says it: {metric:
    {replacement: figures}}.
    """
    unsigned: NotRequired[bool]
    """`true` where scores are sizes alone, in no unit of the objective: how much a part matters, not for what."""
    layers: Required[list[LayerAnswer]]
    """The layers, from the embeddings (0; not of `conductance`) to the last."""
    frozen: NotRequired[FrozenCounts]
    """Relevance: how many parts of the model stood still."""
    steps: NotRequired[int]
    """Steps of the path that were used."""
    completeness_error: NotRequired[float]
    """`conductance`: the largest |Σ scores − (f(x) − f(baseline))| of a layer."""


class LayersRequest(TypedDict):
    """`POST /layers`."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, a string or a number: its answer carries it, and of a line of NDJSON its
    problem too.
    """
    model: NotRequired[Union[str, None]]
    """The model's name; default: the only or the configured one."""
    target: NotRequired[TargetRequest]
    """What is explained; default: what the model predicts."""
    against: NotRequired[TargetRequest]
    """A second target: what is explained is then the difference of the two logits, or log-probabilities
    (`objective``probability` is taken for the latter): why this and not that. Default: none.
    """
    objective: NotRequired[Objective]
    """The function of the target's logits that is explained; default `probability`, of generated tokens
    `log_probability`, of regression `logit`.
    """
    seed: NotRequired[Union[int, None]]
    """Seed of every random draw: any whole number of 64 bits; default 0."""
    deadline_ms: NotRequired[Union[int, None]]
    """The best answer so far after this many milliseconds where a method can, else 504. From 1 to the server's own
    limit for one request (`Limits:MaxRequestSeconds`, 600 s by default).
    """
    precision: NotRequired[Precision]
    """Arithmetic of perturbation rows; default `exact`."""
    quality: NotRequired[AnswerQuality]
    """`basic`: the answer says how far its scores can be trusted, by `area` under `mask` beside 20 random orders (up
    to 42 evaluations a unit); default `none`.
    """
    text: NotRequired[str]
    """The text; required, unless there are `messages` or an `image`."""
    image: NotRequired[Union[str, None]]
    """A picture in place of `text`, for models of pictures, alone or beside `labels`: PNG, JPEG or WebP, as base64
    or as a `data:` URL. In a form (`multipart/form-data`) it is the part `image`, the bytes themselves.
    """
    segments: NotRequired[Union[int, None]]
    """Of a picture with `"granularity": "superpixel"`: about how many, from 2 to 1,000; default 50."""
    messages: NotRequired[Union[list[MessageRequest], None]]
    """A conversation in place of `text`, up to 1,000 messages, for models with a chat template: the model reads what
    the template makes of it, and the contents are explained.
    """
    pair: NotRequired[Union[str, None]]
    """A second text: NLI, the context when `text` is a question, or what a model without a head compares `text` to."""
    labels: NotRequired[Union[list[str], None]]
    """Labels of your own, from 1 to 100, for a model of natural language inference: how far the text entails the
    hypothesis of each (zero-shot classification); for a model that compares pictures with texts: how like each
    the `image` is.
    """
    hypothesis_template: NotRequired[Union[str, None]]
    """What `labels` claim of the text, with `{}` where the label stands; default `This example is {}.`, beside a
    picture the label alone.
    """
    granularity: NotRequired[Union[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"], list[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"]], None]]
    """Size of the units that get scores; default `word`, or `token` for `/saliency`. Several make a hierarchy. Of a
    picture `patch` (default) or `superpixel`; beside a picture units of texts are those of the label that is the
    target.
    """
    overflow: NotRequired[Overflow]
    """What to do with a text over the model's limit; of a text that fits it says nothing. Default `error`, but
    `/tokenize` lists all.
    """
    window_reduction: NotRequired[WindowReduction]
    """How windows are combined under `"overflow": "window"`; default `mean`."""
    offset_unit: NotRequired[OffsetUnit]
    """What offsets count, in the request and in the answer; default `utf16`."""
    max_new_tokens: NotRequired[Union[int, None]]
    """Models that generate: continue greedily by at most so many tokens, from 1 to 512, and explain those. Seq2seq
    models do so by default, with 32; causal models explain the next token where neither this nor a target is
    given.
    """
    spans: NotRequired[Union[list[list[int]], None]]
    """The caller's own units, [start, end] each, in place of `granularity`; at most 10,000, without overlap."""
    redact: NotRequired[Union[list[list[int]], None]]
    """Stretches of `text`, [start, end] each, that become `█` before a model reads them, so that no answer, picture
    or result tells what stood there; at most 10,000.
    """
    method: NotRequired[LayerMethod]
    """How layers are looked at; default `gradient_x_activation`."""
    baseline: NotRequired[Union[Literal["pad", "mask", "zero", "mean", "blur", "noise"], dict[str, Any], None]]
    """Where the path begins, of `conductance` and of relevance averaged over steps; default `pad`, of relevance
    `mask` where the tokenizer has a mask token.
    """
    steps: NotRequired[Union[int, None]]
    """Steps of the path: of `conductance`, default 50; of relevance, points over which it is averaged, default the
    text itself alone.
    """
    quadrature: NotRequired[QuadratureRule]
    """The points of the path; default `gauss_legendre`."""
    tolerance: NotRequired[Union[float, None]]
    """`conductance`: the completeness error of every layer to reach by doubling steps."""
    max_steps: NotRequired[Union[int, None]]
    """The most steps under `tolerance`; default 400, or `steps` if that is more."""
    top_k: NotRequired[Union[int, None]]
    """`lens`: how many entries of a vocabulary each layer lists; default 5."""


class LikelyToken(TypedDict):
    """One of the likeliest tokens at a place."""

    token: Required[str]
    """Vocabulary form."""
    token_id: Required[int]
    """Vocabulary id."""
    text: Required[str]
    """The text that it would add."""
    log_probability: Required[float]
    """The logarithm of its probability."""


class LimeAnswer(TypedDict):
    """What `/lime` answers."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, as it was sent."""
    model: Required[str]
    """The model's name."""
    method: Required[str]
    """What computed the scores, as the request calls it."""
    objective: Required[Objective]
    """The function of the target's logits that is explained."""
    prediction: Required[Prediction]
    """What the model says of the text."""
    target: Required[TargetAnswer]
    """What is explained."""
    against: NotRequired[TargetAnswer]
    """What the explained score is the difference to, where the request says `against`."""
    image: NotRequired[PictureAnswer]
    """The picture that was explained, where it was one."""
    tokens: Required[list[TokenAnswer]]
    """The whole sequence that the model saw (seq2seq: the encoder's)."""
    generated: NotRequired[list[GeneratedToken]]
    """Generated (or given) target tokens, each with its own scores."""
    unseen: NotRequired[list[UnseenText]]
    """Where the model saw only part of the text: the parts that it did not see."""
    evaluations: Required[int]
    """Texts that the model scored or differentiated for this answer: of a method that changes the text, the whole
    one and its changed forms, each once however many windows or identical ones it has.
    """
    seed: Required[int]
    """Seed of every random draw."""
    elapsed_ms: Required[float]
    """Time from the parsed request to this answer, in milliseconds."""
    warnings: Required[list[str]]
    """What a reader must know to read the numbers right, in sentences."""
    warning_codes: Required[list[str]]
    """A stable code of each warning, in the same order."""
    quality: NotRequired[dict[str, dict[str, MetricAnswer]]]
    """With `"quality": "basic"`: how far the scores can be trusted, as `metrics` of `/evaluate` says it: {metric:
    {replacement: figures}}.
    """
    unsigned: NotRequired[bool]
    """`true` where scores are sizes alone, in no unit of the objective: how much a part matters, not for what."""
    granularity: Required[str]
    """Size of the units; `spans` for the caller's own."""
    units: Required[list[UnitAnswer]]
    """Units of the text with their scores, in text order, without special tokens."""
    labels: NotRequired[list[LabelScores]]
    """The same explanation for every class, where all were asked for: label → its units' scores and values."""
    intercept: Required[float]
    """Intercept of the surrogate model."""
    r2: Required[float]
    """Weighted R² of the surrogate model."""
    base_value: NotRequired[float]
    """Score of the text without any unit, where that was among the samples."""
    value: Required[float]
    """Score of the whole text."""
    replacement: Required[str]
    """What replaced removed units: a token, `delete`, or the given text."""


class LimeRequest(TypedDict):
    """`POST /lime`."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, a string or a number: its answer carries it, and of a line of NDJSON its
    problem too.
    """
    model: NotRequired[Union[str, None]]
    """The model's name; default: the only or the configured one."""
    target: NotRequired[TargetRequest]
    """What is explained; default: what the model predicts."""
    against: NotRequired[TargetRequest]
    """A second target: what is explained is then the difference of the two logits, or log-probabilities
    (`objective``probability` is taken for the latter): why this and not that. Default: none.
    """
    objective: NotRequired[Objective]
    """The function of the target's logits that is explained; default `probability`, of generated tokens
    `log_probability`, of regression `logit`.
    """
    seed: NotRequired[Union[int, None]]
    """Seed of every random draw: any whole number of 64 bits; default 0."""
    deadline_ms: NotRequired[Union[int, None]]
    """The best answer so far after this many milliseconds where a method can, else 504. From 1 to the server's own
    limit for one request (`Limits:MaxRequestSeconds`, 600 s by default).
    """
    precision: NotRequired[Precision]
    """Arithmetic of perturbation rows; default `exact`."""
    quality: NotRequired[AnswerQuality]
    """`basic`: the answer says how far its scores can be trusted, by `area` under `mask` beside 20 random orders (up
    to 42 evaluations a unit); default `none`.
    """
    text: NotRequired[str]
    """The text; required, unless there are `messages` or an `image`."""
    image: NotRequired[Union[str, None]]
    """A picture in place of `text`, for models of pictures, alone or beside `labels`: PNG, JPEG or WebP, as base64
    or as a `data:` URL. In a form (`multipart/form-data`) it is the part `image`, the bytes themselves.
    """
    segments: NotRequired[Union[int, None]]
    """Of a picture with `"granularity": "superpixel"`: about how many, from 2 to 1,000; default 50."""
    messages: NotRequired[Union[list[MessageRequest], None]]
    """A conversation in place of `text`, up to 1,000 messages, for models with a chat template: the model reads what
    the template makes of it, and the contents are explained.
    """
    pair: NotRequired[Union[str, None]]
    """A second text: NLI, the context when `text` is a question, or what a model without a head compares `text` to."""
    labels: NotRequired[Union[list[str], None]]
    """Labels of your own, from 1 to 100, for a model of natural language inference: how far the text entails the
    hypothesis of each (zero-shot classification); for a model that compares pictures with texts: how like each
    the `image` is.
    """
    hypothesis_template: NotRequired[Union[str, None]]
    """What `labels` claim of the text, with `{}` where the label stands; default `This example is {}.`, beside a
    picture the label alone.
    """
    granularity: NotRequired[Union[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"], list[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"]], None]]
    """Size of the units that get scores; default `word`, or `token` for `/saliency`. Several make a hierarchy. Of a
    picture `patch` (default) or `superpixel`; beside a picture units of texts are those of the label that is the
    target.
    """
    overflow: NotRequired[Overflow]
    """What to do with a text over the model's limit; of a text that fits it says nothing. Default `error`, but
    `/tokenize` lists all.
    """
    window_reduction: NotRequired[WindowReduction]
    """How windows are combined under `"overflow": "window"`; default `mean`."""
    offset_unit: NotRequired[OffsetUnit]
    """What offsets count, in the request and in the answer; default `utf16`."""
    max_new_tokens: NotRequired[Union[int, None]]
    """Models that generate: continue greedily by at most so many tokens, from 1 to 512, and explain those. Seq2seq
    models do so by default, with 32; causal models explain the next token where neither this nor a target is
    given.
    """
    spans: NotRequired[Union[list[list[int]], None]]
    """The caller's own units, [start, end] each, in place of `granularity`; at most 10,000, without overlap."""
    redact: NotRequired[Union[list[list[int]], None]]
    """Stretches of `text`, [start, end] each, that become `█` before a model reads them, so that no answer, picture
    or result tells what stood there; at most 10,000.
    """
    samples: NotRequired[Union[int, None]]
    """Coalitions scored; default 500, fewer where the text is read in windows. A text with fewer coalitions has each
    scored once, and together they weigh as much as so many. As many at most, up to 250, for earlier generated
    tokens.
    """
    kernel_width: NotRequired[Union[float, None]]
    """w of the weights exp(−d²/w²), d = cosine distance from 0 to 1; default 0.75."""
    alpha: NotRequired[Union[float, None]]
    """Ridge penalty; default 1. It makes scores smaller, and the answer warns where that is by more than a tenth."""
    features: NotRequired[Union[int, None]]
    """The most units with a weight: those of the highest weights in a fit of all, fitted again; default all."""
    replacement: NotRequired[Union[Literal["mask", "pad", "delete", "mean", "zero", "blur", "noise"], dict[str, Any], None]]
    """What stands in for an absent unit; default `mask`."""


class LiveAnswer(TypedDict):
    """The answer of `/health/live`."""

    status: Required[str]
    """`live`."""
    version: Required[str]
    """The version of the service."""


class LogisticSummary(TypedDict):
    """The logistic regression."""

    fidelity: Required[Fidelity]
    """How well it speaks for the model."""
    features: Required[int]
    """Words and pairs with a weight."""
    labels: Required[list[LabelWeights]]
    """The strongest of each label."""


class MajorityFidelity(TypedDict):
    """The label that is most frequent, and its share of the held-out rows."""

    label: Required[str]
    agreement: Required[float]


class MemoryAnswer(TypedDict):
    """What a model takes: its weights, once, and what its forms took when they were made. What batches take while
    they run is not counted.
    """

    disk_bytes: Required[int]
    """Its ONNX files, external data included."""
    loaded_bytes: Required[int]
    """In memory with the forms that loading makes."""
    with_forms_bytes: Required[int]
    """In memory with all forms that have been made so far."""


class MessageRequest(TypedDict):
    """A message of a conversation."""

    role: Required[str]
    """Who says it, as the chat template names roles: `system`, `user`, `assistant` as a rule."""
    content: Required[str]
    """What is said."""


class MethodFigures(TypedDict):
    """A method of a comparison."""

    name: Required[str]
    """What it is called."""
    metrics: Required[dict[str, dict[str, MetricAnswer]]]
    """{metric: {replacement: figures}}: means with their standard errors."""
    evaluations: Required[int]
    """Texts that it scored or differentiated, over all rows."""


class MetricAnswer(TypedDict):
    """A metric under one replacement."""

    value: NotRequired[float]
    """The figure; of several texts its mean. Left out where there is none (a correlation with equal scores)."""
    random: NotRequired[RandomFigures]
    """The same figure of random rankings."""
    z: NotRequired[float]
    """(value − mean)/sd of the random rankings'; of several texts the mean of theirs."""
    limits: NotRequired[MetricLimits]
    """With `normalise`: the figures of the best and the worst ranking that there is."""
    normalised: NotRequired[float]
    """With `normalise`: (value − worst)/(best − worst)."""
    standard_error: NotRequired[float]
    """Of several texts: the standard error of the mean."""
    texts: NotRequired[int]
    """Of several texts: how many have the figure."""
    by_q: NotRequired[list[ShareFigure]]
    """The figure with each share of the units; `value` is their mean."""
    comprehensiveness: NotRequired[MetricFigure]
    """`aopc`: the fall without the strongest units."""
    sufficiency: NotRequired[MetricFigure]
    """`aopc`: the fall with the strongest units alone."""
    kendall: NotRequired[MetricFigure]
    """`loo`: Kendall's τ beside Spearman's coefficient."""
    auprc: NotRequired[MetricFigure]
    """`plausibility`: the area under precision over recall."""
    token_f1: NotRequired[MetricFigure]
    """`plausibility`: F1 of the tokens of as many units as the rationale has."""
    iou_f1: NotRequired[MetricFigure]
    """`plausibility`: F1 of stretches that overlap with the rationale's by half or more."""
    sets: NotRequired[list[list[int]]]
    """`lds`, `infidelity`: the units that are there in each of the random texts."""
    curve: NotRequired[list[CurvePoint]]
    """`deletion_auc`, `insertion_auc`: what the area is under."""
    by_layers: NotRequired[list[LayerFigure]]
    """`randomisation`: the correlation as more layers are drawn anew, from the top."""


class MetricFigure(TypedDict):
    """A metric of an explanation, or one of a metric's parts."""

    value: NotRequired[float]
    """The figure; of several texts its mean. Left out where there is none (a correlation with equal scores)."""
    random: NotRequired[RandomFigures]
    """The same figure of random rankings."""
    z: NotRequired[float]
    """(value − mean)/sd of the random rankings'; of several texts the mean of theirs."""
    limits: NotRequired[MetricLimits]
    """With `normalise`: the figures of the best and the worst ranking that there is."""
    normalised: NotRequired[float]
    """With `normalise`: (value − worst)/(best − worst)."""
    standard_error: NotRequired[float]
    """Of several texts: the standard error of the mean."""
    texts: NotRequired[int]
    """Of several texts: how many have the figure."""


class MetricLimits(TypedDict):
    """The ends of a figure over all rankings."""

    worst: Required[float]
    """Of the least faithful ranking."""
    best: Required[float]
    """Of the most faithful one."""
    exact: Required[bool]
    """Whether all rankings were looked through, rather than the most promising."""


class MetricListChoice(TypedDict):
    """One of some names. In JSON a string; the OpenAPI document lists them."""

    name: Required[str]
    """The chosen one."""


class ModelAnswer(TypedDict):
    """One model: what it is and what it can do."""

    name: Required[str]
    """Its folder's name, which requests call it by."""
    state: Required[ModelState]
    """Where it is on its way from a folder to answers."""
    ready: Required[bool]
    """Whether requests are answered, now or once their first has loaded it. KServe's clients ask for it."""
    task: NotRequired[ModelTask]
    """What it answers; left out where config.json cannot be read."""
    labels: Required[list[str]]
    """Class labels by index; empty where the classes are the vocabulary or positions."""
    limits: NotRequired[ModelLimits]
    """Sizes; known once the model is loaded."""
    file_hash: NotRequired[str]
    """SHA-256 of the ONNX files, in hexadecimal; known once the model is loaded."""
    bytes: Required[int]
    """Size of the ONNX files, external data included."""
    memory: NotRequired[MemoryAnswer]
    """What it takes of the process's memory; left out where it is not loaded."""
    supports: NotRequired[dict[str, SupportAnswer]]
    """By feature (`saliency.integrated_gradients`, …) whether this model supports it; known once the model is
    loaded.
    """
    fast: NotRequired[FastAnswer]
    """The int8 form of `precision: "fast"`; left out until it has been measured, shortly after the model is loaded."""
    defaults: NotRequired[DefaultsAnswer]
    """What takes the place of text where a request does not say; known once the model is loaded."""
    warnings: NotRequired[list[str]]
    """What every answer of this model says, and that its files have changed since it was loaded."""
    warning_codes: NotRequired[list[str]]
    """A stable code of each warning, in the same order."""
    error: NotRequired[str]
    """What is wrong with a folder that cannot be served; of a loaded model, why what is in its folder now cannot
    take its place.
    """


class ModelLimits(TypedDict):
    """Sizes of a model."""

    max_tokens: Required[int]
    """The most tokens that it takes, special ones included."""
    embedding_size: Required[int]
    """Size of a word embedding; 0 where the graph has none to show."""
    heads: Required[int]
    """Heads of each attention layer; 0 where none were found."""
    attention_layers: Required[AttentionLayers]
    """Attention layers found in the graph, by kind."""
    neurons: Required[int]
    """Inner activations of each layer's feed-forward network; 0 where they were not found."""
    image: NotRequired[PictureLimits]
    """Of a model of pictures: how it takes them."""
    label_tokens: NotRequired[int]
    """Of a model that compares pictures with texts: the most tokens of a label, special ones included."""


class ModelList(TypedDict):
    """The answer of `GET /models`."""

    models: Required[list[ModelAnswer]]
    """Every folder of `Models:Directory`, by name."""
    default: NotRequired[str]
    """The model of requests that name none; left out where there is none to choose."""
    error: NotRequired[str]
    """What is wrong with the directory as a whole, or that it lacks the default that was configured."""
    object: NotRequired[str]
    """Under `/v1`, for OpenAI's clients: `list`."""
    data: NotRequired[list[CompletionModel]]
    """Under `/v1`, for OpenAI's clients: the models that continue texts, the default one first."""


class MovedWord(TypedDict):
    """A word whose mean score moved beyond its interval."""

    word: Required[str]
    """In lower case."""
    before: Required[float]
    """Its mean before."""
    low: Required[float]
    """Lower end of that mean's 95 % interval."""
    high: Required[float]
    """Its upper end."""
    now: Required[float]
    """Its mean now."""


class NeuronActivations(TypedDict):
    """A neuron over the whole text."""

    layer: Required[int]
    """Its layer."""
    neuron: Required[int]
    """Its number in the layer."""
    tokens: Required[list[float]]
    """Its activation at each token."""


class NeuronAnswer(TypedDict):
    """A neuron at the token where it is strongest."""

    neuron: Required[int]
    """Its number in the layer."""
    token: Required[int]
    """The token's place in `tokens`."""
    activation: Required[float]
    """Its activation there."""
    score: NotRequired[float]
    """Its attribution there, where neurons are ordered by it."""


class NeuronExample(TypedDict):
    """A token of the corpus."""

    text: Required[int]
    """Number of the text in the corpus."""
    sentence: Required[str]
    """The sentence."""
    token: Required[str]
    """The token's text."""
    start: Required[int]
    """Where it begins in the text, in offset units."""
    end: Required[int]
    """Where it ends."""
    activation: Required[float]
    """The neuron's activation at it."""


class NeuronLabel(TypedDict):
    """How a neuron goes with a label."""

    label: Required[str]
    """The label."""
    index: Required[int]
    """Its index."""
    correlation: Required[float]
    """Pearson's correlation of the neuron's largest activation in a text with the label's logit."""


class NeuronMeaning(TypedDict):
    """What raises a neuron in a corpus (Bau et al. 2017; Foote et al. 2023)."""

    layer: Required[int]
    """Its layer."""
    neuron: Required[int]
    """Its number in the layer."""
    examples: Required[list[NeuronExample]]
    """Tokens at which it is strongest, strongest first."""
    words: Required[list[NeuronWord]]
    """Words that raise it most, strongest first."""
    labels: Required[list[NeuronLabel]]
    """Its correlation with each label's logit, texts apart; empty for models without labels of texts."""


class NeuronRequest(TypedDict):
    """A neuron: an inner activation of a layer's feed-forward network."""

    layer: Required[int]
    """The layer, from 0."""
    neuron: Required[int]
    """Its number in the layer, from 0."""


NeuronWord = TypedDict(
    'NeuronWord',
    {
        "word": 'Required[str]',
        "count": 'Required[int]',
        "with": 'Required[float]',
        "without": 'Required[float]',
    },
)


class NeuronsAnswer(TypedDict):
    """What `/neurons` answers."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, as it was sent."""
    model: Required[str]
    """The model's name."""
    method: Required[str]
    """What computed the scores, as the request calls it."""
    objective: NotRequired[Objective]
    """The function of the target's logits that is explained."""
    prediction: NotRequired[Prediction]
    """What the model says of the text."""
    target: NotRequired[TargetAnswer]
    """What is explained."""
    against: NotRequired[TargetAnswer]
    """What the explained score is the difference to, where the request says `against`."""
    image: NotRequired[PictureAnswer]
    """The picture that was explained, where it was one."""
    tokens: Required[list[TokenAnswer]]
    """The whole sequence that the model saw (seq2seq: the encoder's)."""
    generated: NotRequired[list[GeneratedToken]]
    """Generated (or given) target tokens, each with its own scores."""
    unseen: NotRequired[list[UnseenText]]
    """Where the model saw only part of the text: the parts that it did not see."""
    evaluations: Required[int]
    """Texts that the model scored or differentiated for this answer: of a method that changes the text, the whole
    one and its changed forms, each once however many windows or identical ones it has.
    """
    seed: Required[int]
    """Seed of every random draw."""
    elapsed_ms: Required[float]
    """Time from the parsed request to this answer, in milliseconds."""
    warnings: Required[list[str]]
    """What a reader must know to read the numbers right, in sentences."""
    warning_codes: Required[list[str]]
    """A stable code of each warning, in the same order."""
    quality: NotRequired[dict[str, dict[str, MetricAnswer]]]
    """With `"quality": "basic"`: how far the scores can be trusted, as `metrics` of `/evaluate` says it: {metric:
    {replacement: figures}}.
    """
    unsigned: NotRequired[bool]
    """`true` where scores are sizes alone, in no unit of the objective: how much a part matters, not for what."""
    layers: Required[list[LayerNeurons]]
    """The strongest neurons of each layer."""
    activations: Required[list[NeuronActivations]]
    """The neurons that the request names, else each layer's strongest at a token of the text."""
    factors: NotRequired[list[FactorAnswer]]
    """The factors of the activations, the largest first."""
    meanings: NotRequired[list[NeuronMeaning]]
    """What raises the neurons that were asked for."""


class NeuronsRequest(TypedDict):
    """`POST /neurons`."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, a string or a number: its answer carries it, and of a line of NDJSON its
    problem too.
    """
    model: NotRequired[Union[str, None]]
    """The model's name; default: the only or the configured one."""
    target: NotRequired[TargetRequest]
    """What is explained; default: what the model predicts."""
    against: NotRequired[TargetRequest]
    """A second target: what is explained is then the difference of the two logits, or log-probabilities
    (`objective``probability` is taken for the latter): why this and not that. Default: none.
    """
    objective: NotRequired[Objective]
    """The function of the target's logits that is explained; default `probability`, of generated tokens
    `log_probability`, of regression `logit`.
    """
    seed: NotRequired[Union[int, None]]
    """Seed of every random draw: any whole number of 64 bits; default 0."""
    deadline_ms: NotRequired[Union[int, None]]
    """The best answer so far after this many milliseconds where a method can, else 504. From 1 to the server's own
    limit for one request (`Limits:MaxRequestSeconds`, 600 s by default).
    """
    precision: NotRequired[Precision]
    """Arithmetic of perturbation rows; default `exact`."""
    quality: NotRequired[AnswerQuality]
    """`basic`: the answer says how far its scores can be trusted, by `area` under `mask` beside 20 random orders (up
    to 42 evaluations a unit); default `none`.
    """
    text: NotRequired[str]
    """The text; required, unless there are `messages` or an `image`."""
    image: NotRequired[Union[str, None]]
    """A picture in place of `text`, for models of pictures, alone or beside `labels`: PNG, JPEG or WebP, as base64
    or as a `data:` URL. In a form (`multipart/form-data`) it is the part `image`, the bytes themselves.
    """
    segments: NotRequired[Union[int, None]]
    """Of a picture with `"granularity": "superpixel"`: about how many, from 2 to 1,000; default 50."""
    messages: NotRequired[Union[list[MessageRequest], None]]
    """A conversation in place of `text`, up to 1,000 messages, for models with a chat template: the model reads what
    the template makes of it, and the contents are explained.
    """
    pair: NotRequired[Union[str, None]]
    """A second text: NLI, the context when `text` is a question, or what a model without a head compares `text` to."""
    labels: NotRequired[Union[list[str], None]]
    """Labels of your own, from 1 to 100, for a model of natural language inference: how far the text entails the
    hypothesis of each (zero-shot classification); for a model that compares pictures with texts: how like each
    the `image` is.
    """
    hypothesis_template: NotRequired[Union[str, None]]
    """What `labels` claim of the text, with `{}` where the label stands; default `This example is {}.`, beside a
    picture the label alone.
    """
    granularity: NotRequired[Union[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"], list[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"]], None]]
    """Size of the units that get scores; default `word`, or `token` for `/saliency`. Several make a hierarchy. Of a
    picture `patch` (default) or `superpixel`; beside a picture units of texts are those of the label that is the
    target.
    """
    overflow: NotRequired[Overflow]
    """What to do with a text over the model's limit; of a text that fits it says nothing. Default `error`, but
    `/tokenize` lists all.
    """
    window_reduction: NotRequired[WindowReduction]
    """How windows are combined under `"overflow": "window"`; default `mean`."""
    offset_unit: NotRequired[OffsetUnit]
    """What offsets count, in the request and in the answer; default `utf16`."""
    max_new_tokens: NotRequired[Union[int, None]]
    """Models that generate: continue greedily by at most so many tokens, from 1 to 512, and explain those. Seq2seq
    models do so by default, with 32; causal models explain the next token where neither this nor a target is
    given.
    """
    spans: NotRequired[Union[list[list[int]], None]]
    """The caller's own units, [start, end] each, in place of `granularity`; at most 10,000, without overlap."""
    redact: NotRequired[Union[list[list[int]], None]]
    """Stretches of `text`, [start, end] each, that become `█` before a model reads them, so that no answer, picture
    or result tells what stood there; at most 10,000.
    """
    layers: NotRequired[Union[list[int], None]]
    """Layers, from 0; default all."""
    top_k: NotRequired[Union[int, None]]
    """How many neurons of each layer, of each factor, and how many examples of each meaning are listed; default 10."""
    by: NotRequired[NeuronMeasure]
    """What neurons are ordered by; default `activation`."""
    factors: NotRequired[Union[int, None]]
    """Also split the activations into so many factors (Alammar 2021), at most 64."""
    neurons: NotRequired[Union[list[NeuronRequest], None]]
    """Neurons whose activation at every token is told, at most 100; default each layer's strongest at a token of the
    text. With `corpus` their meanings are looked for too.
    """
    corpus: NotRequired[Union[list[str], None]]
    """With `neurons`: texts in which their meanings are looked for, at most 10,000."""


class OcclusionAnswer(TypedDict):
    """What `/occlusion` answers."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, as it was sent."""
    model: Required[str]
    """The model's name."""
    method: Required[str]
    """What computed the scores, as the request calls it."""
    objective: Required[Objective]
    """The function of the target's logits that is explained."""
    prediction: Required[Prediction]
    """What the model says of the text."""
    target: Required[TargetAnswer]
    """What is explained."""
    against: NotRequired[TargetAnswer]
    """What the explained score is the difference to, where the request says `against`."""
    image: NotRequired[PictureAnswer]
    """The picture that was explained, where it was one."""
    tokens: Required[list[TokenAnswer]]
    """The whole sequence that the model saw (seq2seq: the encoder's)."""
    generated: NotRequired[list[GeneratedToken]]
    """Generated (or given) target tokens, each with its own scores."""
    unseen: NotRequired[list[UnseenText]]
    """Where the model saw only part of the text: the parts that it did not see."""
    evaluations: Required[int]
    """Texts that the model scored or differentiated for this answer: of a method that changes the text, the whole
    one and its changed forms, each once however many windows or identical ones it has.
    """
    seed: Required[int]
    """Seed of every random draw."""
    elapsed_ms: Required[float]
    """Time from the parsed request to this answer, in milliseconds."""
    warnings: Required[list[str]]
    """What a reader must know to read the numbers right, in sentences."""
    warning_codes: Required[list[str]]
    """A stable code of each warning, in the same order."""
    quality: NotRequired[dict[str, dict[str, MetricAnswer]]]
    """With `"quality": "basic"`: how far the scores can be trusted, as `metrics` of `/evaluate` says it: {metric:
    {replacement: figures}}.
    """
    unsigned: NotRequired[bool]
    """`true` where scores are sizes alone, in no unit of the objective: how much a part matters, not for what."""
    granularity: Required[str]
    """Size of the units; `spans` for the caller's own."""
    units: Required[list[UnitAnswer]]
    """Units of the text with their scores, in text order, without special tokens."""
    labels: NotRequired[list[LabelScores]]
    """The same explanation for every class, where all were asked for: label → its units' scores and values."""
    windows: Required[list[WindowAnswer]]
    """The windows, in text order."""
    value: Required[float]
    """Score of the whole text."""
    replacement: Required[str]
    """What replaced removed units: a token, `delete`, or the given text."""


class OcclusionRequest(TypedDict):
    """`POST /occlusion`."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, a string or a number: its answer carries it, and of a line of NDJSON its
    problem too.
    """
    model: NotRequired[Union[str, None]]
    """The model's name; default: the only or the configured one."""
    target: NotRequired[TargetRequest]
    """What is explained; default: what the model predicts."""
    against: NotRequired[TargetRequest]
    """A second target: what is explained is then the difference of the two logits, or log-probabilities
    (`objective``probability` is taken for the latter): why this and not that. Default: none.
    """
    objective: NotRequired[Objective]
    """The function of the target's logits that is explained; default `probability`, of generated tokens
    `log_probability`, of regression `logit`.
    """
    seed: NotRequired[Union[int, None]]
    """Seed of every random draw: any whole number of 64 bits; default 0."""
    deadline_ms: NotRequired[Union[int, None]]
    """The best answer so far after this many milliseconds where a method can, else 504. From 1 to the server's own
    limit for one request (`Limits:MaxRequestSeconds`, 600 s by default).
    """
    precision: NotRequired[Precision]
    """Arithmetic of perturbation rows; default `exact`."""
    quality: NotRequired[AnswerQuality]
    """`basic`: the answer says how far its scores can be trusted, by `area` under `mask` beside 20 random orders (up
    to 42 evaluations a unit); default `none`.
    """
    text: NotRequired[str]
    """The text; required, unless there are `messages` or an `image`."""
    image: NotRequired[Union[str, None]]
    """A picture in place of `text`, for models of pictures, alone or beside `labels`: PNG, JPEG or WebP, as base64
    or as a `data:` URL. In a form (`multipart/form-data`) it is the part `image`, the bytes themselves.
    """
    segments: NotRequired[Union[int, None]]
    """Of a picture with `"granularity": "superpixel"`: about how many, from 2 to 1,000; default 50."""
    messages: NotRequired[Union[list[MessageRequest], None]]
    """A conversation in place of `text`, up to 1,000 messages, for models with a chat template: the model reads what
    the template makes of it, and the contents are explained.
    """
    pair: NotRequired[Union[str, None]]
    """A second text: NLI, the context when `text` is a question, or what a model without a head compares `text` to."""
    labels: NotRequired[Union[list[str], None]]
    """Labels of your own, from 1 to 100, for a model of natural language inference: how far the text entails the
    hypothesis of each (zero-shot classification); for a model that compares pictures with texts: how like each
    the `image` is.
    """
    hypothesis_template: NotRequired[Union[str, None]]
    """What `labels` claim of the text, with `{}` where the label stands; default `This example is {}.`, beside a
    picture the label alone.
    """
    granularity: NotRequired[Union[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"], list[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"]], None]]
    """Size of the units that get scores; default `word`, or `token` for `/saliency`. Several make a hierarchy. Of a
    picture `patch` (default) or `superpixel`; beside a picture units of texts are those of the label that is the
    target.
    """
    overflow: NotRequired[Overflow]
    """What to do with a text over the model's limit; of a text that fits it says nothing. Default `error`, but
    `/tokenize` lists all.
    """
    window_reduction: NotRequired[WindowReduction]
    """How windows are combined under `"overflow": "window"`; default `mean`."""
    offset_unit: NotRequired[OffsetUnit]
    """What offsets count, in the request and in the answer; default `utf16`."""
    max_new_tokens: NotRequired[Union[int, None]]
    """Models that generate: continue greedily by at most so many tokens, from 1 to 512, and explain those. Seq2seq
    models do so by default, with 32; causal models explain the next token where neither this nor a target is
    given.
    """
    spans: NotRequired[Union[list[list[int]], None]]
    """The caller's own units, [start, end] each, in place of `granularity`; at most 10,000, without overlap."""
    redact: NotRequired[Union[list[list[int]], None]]
    """Stretches of `text`, [start, end] each, that become `█` before a model reads them, so that no answer, picture
    or result tells what stood there; at most 10,000.
    """
    replacement: NotRequired[Union[Literal["mask", "pad", "delete", "mean", "zero", "blur", "noise"], dict[str, Any], None]]
    """What stands in for a removed unit; default `mask`."""
    window: NotRequired[Union[int, None]]
    """Units removed at a time; default 1, more where a text is read in many windows."""
    stride: NotRequired[Union[int, None]]
    """Units between the starts of windows, at most `window`; default 1; without `window` it has no part where
    windows are larger by default. All windows are of one size: where the last would go past the end it is moved
    back to end with the text, so that five units in twos are 1 and 2, 3 and 4, 4 and 5.
    """


class PairedDifference(TypedDict):
    """How two methods differ over texts."""

    name: Required[str]
    """The recommended one."""
    other: Required[str]
    """The other."""
    mean: Required[float]
    """The mean of the differences of `area`, which is that over replacements."""
    standard_error: NotRequired[float]
    """Its standard error; null of a single text."""
    p: NotRequired[float]
    """Two-sided p-value of a paired t-test; null where it says nothing."""
    p_corrected: NotRequired[float]
    """The same by Holm's correction for so many comparisons."""
    significant: Required[bool]
    """Whether it is below 0.05."""


class PathPoint(TypedDict):
    """f at one point of the path from the baseline to the input."""

    alpha: Required[float]
    value: Required[float]


class Performance(TypedDict):
    """How well predictions fit the rows' own labels."""

    rows: Required[int]
    """Rows with a label that the model knows."""
    accuracy: Required[float]
    """Share of rows whose label is predicted."""
    macro_f1: Required[float]
    """Mean of the F1 of every label that is predicted or true."""
    log_loss: Required[float]
    """Mean of −log p of the true label."""
    mean_probability: Required[float]
    """Mean probability of the true label."""
    expected_calibration_error: Required[float]
    """Mean distance of confidence and accuracy over ten bins of confidence, weighted by their rows (Guo et al.
    2017).
    """
    labels: Required[list[LabelPerformance]]
    """Labels with their precision and recall."""
    reliability: Required[list[ReliabilityBin]]
    """The bins of confidence that have rows."""


class PermutationAnswer(TypedDict):
    """What `/permutation` answers."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, as it was sent."""
    model: Required[str]
    """The model's name."""
    method: Required[str]
    """What computed the scores, as the request calls it."""
    objective: Required[Objective]
    """The function of the target's logits that is explained."""
    prediction: Required[Prediction]
    """What the model says of the text."""
    target: Required[TargetAnswer]
    """What is explained."""
    against: NotRequired[TargetAnswer]
    """What the explained score is the difference to, where the request says `against`."""
    image: NotRequired[PictureAnswer]
    """The picture that was explained, where it was one."""
    tokens: Required[list[TokenAnswer]]
    """The whole sequence that the model saw (seq2seq: the encoder's)."""
    generated: NotRequired[list[GeneratedToken]]
    """Generated (or given) target tokens, each with its own scores."""
    unseen: NotRequired[list[UnseenText]]
    """Where the model saw only part of the text: the parts that it did not see."""
    evaluations: Required[int]
    """Texts that the model scored or differentiated for this answer: of a method that changes the text, the whole
    one and its changed forms, each once however many windows or identical ones it has.
    """
    seed: Required[int]
    """Seed of every random draw."""
    elapsed_ms: Required[float]
    """Time from the parsed request to this answer, in milliseconds."""
    warnings: Required[list[str]]
    """What a reader must know to read the numbers right, in sentences."""
    warning_codes: Required[list[str]]
    """A stable code of each warning, in the same order."""
    quality: NotRequired[dict[str, dict[str, MetricAnswer]]]
    """With `"quality": "basic"`: how far the scores can be trusted, as `metrics` of `/evaluate` says it: {metric:
    {replacement: figures}}.
    """
    unsigned: NotRequired[bool]
    """`true` where scores are sizes alone, in no unit of the objective: how much a part matters, not for what."""
    granularity: Required[str]
    """Size of the units; `spans` for the caller's own."""
    units: Required[list[UnitAnswer]]
    """Units of the text with their scores, in text order, without special tokens."""
    labels: NotRequired[list[LabelScores]]
    """The same explanation for every class, where all were asked for: label → its units' scores and values."""
    value: Required[float]
    """Score of the whole text."""
    replacement: Required[str]
    """Where the units came from that took a unit's place."""


class PermutationRequest(TypedDict):
    """`POST /permutation`."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, a string or a number: its answer carries it, and of a line of NDJSON its
    problem too.
    """
    model: NotRequired[Union[str, None]]
    """The model's name; default: the only or the configured one."""
    target: NotRequired[TargetRequest]
    """What is explained; default: what the model predicts."""
    against: NotRequired[TargetRequest]
    """A second target: what is explained is then the difference of the two logits, or log-probabilities
    (`objective``probability` is taken for the latter): why this and not that. Default: none.
    """
    objective: NotRequired[Objective]
    """The function of the target's logits that is explained; default `probability`, of generated tokens
    `log_probability`, of regression `logit`.
    """
    seed: NotRequired[Union[int, None]]
    """Seed of every random draw: any whole number of 64 bits; default 0."""
    deadline_ms: NotRequired[Union[int, None]]
    """The best answer so far after this many milliseconds where a method can, else 504. From 1 to the server's own
    limit for one request (`Limits:MaxRequestSeconds`, 600 s by default).
    """
    precision: NotRequired[Precision]
    """Arithmetic of perturbation rows; default `exact`."""
    quality: NotRequired[AnswerQuality]
    """`basic`: the answer says how far its scores can be trusted, by `area` under `mask` beside 20 random orders (up
    to 42 evaluations a unit); default `none`.
    """
    text: NotRequired[str]
    """The text; required, unless there are `messages` or an `image`."""
    image: NotRequired[Union[str, None]]
    """A picture in place of `text`, for models of pictures, alone or beside `labels`: PNG, JPEG or WebP, as base64
    or as a `data:` URL. In a form (`multipart/form-data`) it is the part `image`, the bytes themselves.
    """
    segments: NotRequired[Union[int, None]]
    """Of a picture with `"granularity": "superpixel"`: about how many, from 2 to 1,000; default 50."""
    messages: NotRequired[Union[list[MessageRequest], None]]
    """A conversation in place of `text`, up to 1,000 messages, for models with a chat template: the model reads what
    the template makes of it, and the contents are explained.
    """
    pair: NotRequired[Union[str, None]]
    """A second text: NLI, the context when `text` is a question, or what a model without a head compares `text` to."""
    labels: NotRequired[Union[list[str], None]]
    """Labels of your own, from 1 to 100, for a model of natural language inference: how far the text entails the
    hypothesis of each (zero-shot classification); for a model that compares pictures with texts: how like each
    the `image` is.
    """
    hypothesis_template: NotRequired[Union[str, None]]
    """What `labels` claim of the text, with `{}` where the label stands; default `This example is {}.`, beside a
    picture the label alone.
    """
    granularity: NotRequired[Union[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"], list[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"]], None]]
    """Size of the units that get scores; default `word`, or `token` for `/saliency`. Several make a hierarchy. Of a
    picture `patch` (default) or `superpixel`; beside a picture units of texts are those of the label that is the
    target.
    """
    overflow: NotRequired[Overflow]
    """What to do with a text over the model's limit; of a text that fits it says nothing. Default `error`, but
    `/tokenize` lists all.
    """
    window_reduction: NotRequired[WindowReduction]
    """How windows are combined under `"overflow": "window"`; default `mean`."""
    offset_unit: NotRequired[OffsetUnit]
    """What offsets count, in the request and in the answer; default `utf16`."""
    max_new_tokens: NotRequired[Union[int, None]]
    """Models that generate: continue greedily by at most so many tokens, from 1 to 512, and explain those. Seq2seq
    models do so by default, with 32; causal models explain the next token where neither this nor a target is
    given.
    """
    spans: NotRequired[Union[list[list[int]], None]]
    """The caller's own units, [start, end] each, in place of `granularity`; at most 10,000, without overlap."""
    redact: NotRequired[Union[list[list[int]], None]]
    """Stretches of `text`, [start, end] each, that become `█` before a model reads them, so that no answer, picture
    or result tells what stood there; at most 10,000.
    """
    samples: NotRequired[Union[int, None]]
    """Draws for each unit, without replacement; default 10 (3 where the text is read in windows), at most all
    others.
    """
    background: NotRequired[Union[list[str], None]]
    """Texts whose units are drawn in place of the text's own."""


class PictureAnswer(TypedDict):
    """The picture that an answer is about. Boxes are [x, y, width, height] in pixels of the picture as sent,
    upright.
    """

    width: Required[int]
    """Columns of the picture as sent."""
    height: Required[int]
    """Its rows."""
    seen: Required[list[int]]
    """What of it the model sees."""
    input_width: Required[int]
    """Columns of the picture as the model takes it, which `scores` [height][width] have."""
    input_height: Required[int]
    """Its rows."""
    patch_rows: NotRequired[int]
    """Rows of patches, where they are the units."""
    patch_columns: NotRequired[int]
    """Columns of patches."""
    superpixels: NotRequired[int]
    """How many superpixels, where they are the units."""


class PictureLimits(TypedDict):
    """How a model takes pictures."""

    width: Required[int]
    """Columns of pixels, after processing."""
    height: Required[int]
    """Rows of pixels."""
    channels: Required[int]
    """Numbers of a pixel."""
    patch_rows: Required[int]
    """Rows of patches."""
    patch_columns: Required[int]
    """Columns of patches."""
    own_patches: Required[bool]
    """Whether the model cuts pictures so itself; otherwise the grid is for explanations alone."""


class PlaceShare(TypedDict):
    """A fifth of the texts."""

    units: Required[float]
    """Mean share of a text's units that stand there."""
    scores: Required[float]
    """Mean share of its absolute scores."""


class PredictAnswer(TypedDict):
    """What `/predict` answers."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, as it was sent."""
    model: Required[str]
    """The model's name."""
    method: Required[str]
    """What computed the scores, as the request calls it."""
    objective: Required[Objective]
    """The function of the target's logits that is explained."""
    prediction: Required[Prediction]
    """What the model says of the text."""
    target: Required[TargetAnswer]
    """What is explained."""
    against: NotRequired[TargetAnswer]
    """What the explained score is the difference to, where the request says `against`."""
    image: NotRequired[PictureAnswer]
    """The picture that was explained, where it was one."""
    tokens: Required[list[TokenAnswer]]
    """The whole sequence that the model saw (seq2seq: the encoder's)."""
    generated: NotRequired[list[GeneratedToken]]
    """Generated (or given) target tokens, each with its own scores."""
    unseen: NotRequired[list[UnseenText]]
    """Where the model saw only part of the text: the parts that it did not see."""
    evaluations: Required[int]
    """Texts that the model scored or differentiated for this answer: of a method that changes the text, the whole
    one and its changed forms, each once however many windows or identical ones it has.
    """
    seed: NotRequired[int]
    """Seed of every random draw."""
    elapsed_ms: Required[float]
    """Time from the parsed request to this answer, in milliseconds."""
    warnings: Required[list[str]]
    """What a reader must know to read the numbers right, in sentences."""
    warning_codes: Required[list[str]]
    """A stable code of each warning, in the same order."""
    quality: NotRequired[dict[str, dict[str, MetricAnswer]]]
    """With `"quality": "basic"`: how far the scores can be trusted, as `metrics` of `/evaluate` says it: {metric:
    {replacement: figures}}.
    """
    unsigned: NotRequired[bool]
    """`true` where scores are sizes alone, in no unit of the objective: how much a part matters, not for what."""
    token_probabilities: NotRequired[list[TokenProbability]]
    """With `token_probabilities`: each token but the first, of the text and then of `generated`."""


class PredictRequest(TypedDict):
    """`POST /predict`."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, a string or a number: its answer carries it, and of a line of NDJSON its
    problem too.
    """
    model: NotRequired[Union[str, None]]
    """The model's name; default: the only or the configured one."""
    target: NotRequired[TargetRequest]
    """What is explained; default: what the model predicts."""
    against: NotRequired[TargetRequest]
    """A second target: what is explained is then the difference of the two logits, or log-probabilities
    (`objective``probability` is taken for the latter): why this and not that. Default: none.
    """
    objective: NotRequired[Objective]
    """The function of the target's logits that is explained; default `probability`, of generated tokens
    `log_probability`, of regression `logit`.
    """
    seed: NotRequired[Union[int, None]]
    """Seed of every random draw: any whole number of 64 bits; default 0."""
    deadline_ms: NotRequired[Union[int, None]]
    """The best answer so far after this many milliseconds where a method can, else 504. From 1 to the server's own
    limit for one request (`Limits:MaxRequestSeconds`, 600 s by default).
    """
    precision: NotRequired[Precision]
    """Arithmetic of perturbation rows; default `exact`."""
    quality: NotRequired[AnswerQuality]
    """`basic`: the answer says how far its scores can be trusted, by `area` under `mask` beside 20 random orders (up
    to 42 evaluations a unit); default `none`.
    """
    text: NotRequired[str]
    """The text; required, unless there are `messages` or an `image`."""
    image: NotRequired[Union[str, None]]
    """A picture in place of `text`, for models of pictures, alone or beside `labels`: PNG, JPEG or WebP, as base64
    or as a `data:` URL. In a form (`multipart/form-data`) it is the part `image`, the bytes themselves.
    """
    segments: NotRequired[Union[int, None]]
    """Of a picture with `"granularity": "superpixel"`: about how many, from 2 to 1,000; default 50."""
    messages: NotRequired[Union[list[MessageRequest], None]]
    """A conversation in place of `text`, up to 1,000 messages, for models with a chat template: the model reads what
    the template makes of it, and the contents are explained.
    """
    pair: NotRequired[Union[str, None]]
    """A second text: NLI, the context when `text` is a question, or what a model without a head compares `text` to."""
    labels: NotRequired[Union[list[str], None]]
    """Labels of your own, from 1 to 100, for a model of natural language inference: how far the text entails the
    hypothesis of each (zero-shot classification); for a model that compares pictures with texts: how like each
    the `image` is.
    """
    hypothesis_template: NotRequired[Union[str, None]]
    """What `labels` claim of the text, with `{}` where the label stands; default `This example is {}.`, beside a
    picture the label alone.
    """
    granularity: NotRequired[Union[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"], list[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"]], None]]
    """Size of the units that get scores; default `word`, or `token` for `/saliency`. Several make a hierarchy. Of a
    picture `patch` (default) or `superpixel`; beside a picture units of texts are those of the label that is the
    target.
    """
    overflow: NotRequired[Overflow]
    """What to do with a text over the model's limit; of a text that fits it says nothing. Default `error`, but
    `/tokenize` lists all.
    """
    window_reduction: NotRequired[WindowReduction]
    """How windows are combined under `"overflow": "window"`; default `mean`."""
    offset_unit: NotRequired[OffsetUnit]
    """What offsets count, in the request and in the answer; default `utf16`."""
    max_new_tokens: NotRequired[Union[int, None]]
    """Models that generate: continue greedily by at most so many tokens, from 1 to 512, and explain those. Seq2seq
    models do so by default, with 32; causal models explain the next token where neither this nor a target is
    given.
    """
    spans: NotRequired[Union[list[list[int]], None]]
    """The caller's own units, [start, end] each, in place of `granularity`; at most 10,000, without overlap."""
    redact: NotRequired[Union[list[list[int]], None]]
    """Stretches of `text`, [start, end] each, that become `█` before a model reads them, so that no answer, picture
    or result tells what stood there; at most 10,000.
    """
    top_k: NotRequired[Union[int, None]]
    """How many labels (or spans) to list, strongest first; default: all classes in index order, 5 for vocabularies
    and spans.
    """
    token_probabilities: NotRequired[Union[int, None]]
    """Causal models: how likely each token of the text, and of what is generated, is after those before it, and so
    many of the likeliest there, from 0 to 20; default: not asked.
    """


class Prediction(TypedDict):
    """What a model says: its strongest class (or value) and the classes."""

    label: NotRequired[str]
    """Label of the strongest class: of the text, or of the token (position) that is explained."""
    index: NotRequired[int]
    """Its index; for a vocabulary the token's id."""
    probability: NotRequired[float]
    """Its probability."""
    value: NotRequired[float]
    """Regression: the value."""
    similarity: NotRequired[float]
    """A model without a head: the cosine of the embeddings of the text and its pair."""
    text: NotRequired[str]
    """Question answering, generation: the predicted text."""
    span: NotRequired[SpanAnswer]
    """Question answering: the span."""
    labels: NotRequired[list[LabelAnswer]]
    """Classes with their logits and probabilities; of a vocabulary the strongest entries."""
    tokens: NotRequired[list[TokenPrediction]]
    """Token classification: the strongest label of every token, special ones too. Masked LM: the strongest entry
    under every mask.
    """
    entities: NotRequired[list[EntityAnswer]]
    """Token classification: tokens that stand for one thing, in text order."""
    spans: NotRequired[list[SpanPrediction]]
    """Question answering: the strongest valid spans."""


class Problem(TypedDict):
    """What went wrong, by RFC 9457."""

    id: NotRequired[Union[str, float, None]]
    """Of a line of NDJSON: the caller's own name of the request, as it was sent."""
    type: Required[str]
    """Names the kind of problem; stays the same from one occurrence to the next."""
    title: Required[str]
    """The kind of problem in words."""
    status: Required[int]
    """The HTTP status."""
    detail: Required[str]
    """What is wrong with this request."""
    trace_id: NotRequired[str]
    """Finds this request in the server's log."""
    errors: NotRequired[dict[str, list[str]]]
    """What is wrong by snake_case field (`target.label`, `spans[0]`), where fields are at fault."""
    retry_after: NotRequired[int]
    """Seconds after which to try again, as the header `Retry-After` says."""


class RandomFigures(TypedDict):
    """What random rankings get."""

    mean: Required[float]
    """Their mean."""
    sd: Required[float]
    """Their standard deviation (n − 1)."""


class Recommendation(TypedDict):
    """Which method to use."""

    name: Required[str]
    """Its name."""
    reason: Required[str]
    """Why, in a sentence."""
    significant: Required[bool]
    """Whether it differs from every other by more than chance; never of a single text."""


ReliabilityBin = TypedDict(
    'ReliabilityBin',
    {
        "from": 'Required[float]',
        "to": 'Required[float]',
        "rows": 'Required[int]',
        "confidence": 'Required[float]',
        "accuracy": 'Required[float]',
    },
)


class RowFilter(TypedDict):
    """Conditions on what the model says of a row; all that are given must hold."""

    label: NotRequired[Union[str, int, None]]
    """The predicted label is this."""
    not_label: NotRequired[Union[str, int, None]]
    """The predicted label is not this."""
    probability_below: NotRequired[Union[float, None]]
    """The predicted label's probability is under this."""
    probability_above: NotRequired[Union[float, None]]
    """The predicted label's probability is over this."""
    wrong: NotRequired[Union[bool, None]]
    """`true`: the prediction is not the row's own label; `false`: it is. Rows without a label are skipped."""


class SaliencyAnswer(TypedDict):
    """What `/saliency` answers."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, as it was sent."""
    model: Required[str]
    """The model's name."""
    method: Required[str]
    """What computed the scores, as the request calls it."""
    objective: Required[Objective]
    """The function of the target's logits that is explained."""
    prediction: Required[Prediction]
    """What the model says of the text."""
    target: Required[TargetAnswer]
    """What is explained."""
    against: NotRequired[TargetAnswer]
    """What the explained score is the difference to, where the request says `against`."""
    image: NotRequired[PictureAnswer]
    """The picture that was explained, where it was one."""
    tokens: Required[list[TokenAnswer]]
    """The whole sequence that the model saw (seq2seq: the encoder's)."""
    generated: NotRequired[list[GeneratedToken]]
    """Generated (or given) target tokens, each with its own scores."""
    unseen: NotRequired[list[UnseenText]]
    """Where the model saw only part of the text: the parts that it did not see."""
    evaluations: Required[int]
    """Texts that the model scored or differentiated for this answer: of a method that changes the text, the whole
    one and its changed forms, each once however many windows or identical ones it has.
    """
    seed: Required[int]
    """Seed of every random draw."""
    elapsed_ms: Required[float]
    """Time from the parsed request to this answer, in milliseconds."""
    warnings: Required[list[str]]
    """What a reader must know to read the numbers right, in sentences."""
    warning_codes: Required[list[str]]
    """A stable code of each warning, in the same order."""
    quality: NotRequired[dict[str, dict[str, MetricAnswer]]]
    """With `"quality": "basic"`: how far the scores can be trusted, as `metrics` of `/evaluate` says it: {metric:
    {replacement: figures}}.
    """
    unsigned: NotRequired[bool]
    """`true` where scores are sizes alone, in no unit of the objective: how much a part matters, not for what."""
    granularity: Required[str]
    """Size of the units; `spans` for the caller's own."""
    units: Required[list[UnitAnswer]]
    """Units of the text with their scores, in text order, without special tokens."""
    labels: NotRequired[list[LabelScores]]
    """The same explanation for every class, where all were asked for: label → its units' scores and values."""
    scores: NotRequired[list[list[float]]]
    """Of a picture: the scores of its pixels as the model takes them, [height][width]; units have their sums."""
    completeness_error: NotRequired[float]
    """Integrated gradients, and expected gradients from a baseline without noise: |Σ scores − (f(x) − f(baseline))|."""
    steps: NotRequired[int]
    """Points of the quadrature that were used; where they were doubled, the intervals that they bound."""
    path: NotRequired[list[PathPoint]]
    """Integrated gradients: f along the path, by α (for pictures of the path)."""
    frozen: NotRequired[FrozenCounts]
    """`cp_lrp`, `attn_lrp`: what of the model stood still on the way back."""


class SaliencyRequest(TypedDict):
    """`POST /saliency`."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, a string or a number: its answer carries it, and of a line of NDJSON its
    problem too.
    """
    model: NotRequired[Union[str, None]]
    """The model's name; default: the only or the configured one."""
    target: NotRequired[TargetRequest]
    """What is explained; default: what the model predicts."""
    against: NotRequired[TargetRequest]
    """A second target: what is explained is then the difference of the two logits, or log-probabilities
    (`objective``probability` is taken for the latter): why this and not that. Default: none.
    """
    objective: NotRequired[Objective]
    """The function of the target's logits that is explained; default `probability`, of generated tokens
    `log_probability`, of regression `logit`.
    """
    seed: NotRequired[Union[int, None]]
    """Seed of every random draw: any whole number of 64 bits; default 0."""
    deadline_ms: NotRequired[Union[int, None]]
    """The best answer so far after this many milliseconds where a method can, else 504. From 1 to the server's own
    limit for one request (`Limits:MaxRequestSeconds`, 600 s by default).
    """
    precision: NotRequired[Precision]
    """Arithmetic of perturbation rows; default `exact`."""
    quality: NotRequired[AnswerQuality]
    """`basic`: the answer says how far its scores can be trusted, by `area` under `mask` beside 20 random orders (up
    to 42 evaluations a unit); default `none`.
    """
    text: NotRequired[str]
    """The text; required, unless there are `messages` or an `image`."""
    image: NotRequired[Union[str, None]]
    """A picture in place of `text`, for models of pictures, alone or beside `labels`: PNG, JPEG or WebP, as base64
    or as a `data:` URL. In a form (`multipart/form-data`) it is the part `image`, the bytes themselves.
    """
    segments: NotRequired[Union[int, None]]
    """Of a picture with `"granularity": "superpixel"`: about how many, from 2 to 1,000; default 50."""
    messages: NotRequired[Union[list[MessageRequest], None]]
    """A conversation in place of `text`, up to 1,000 messages, for models with a chat template: the model reads what
    the template makes of it, and the contents are explained.
    """
    pair: NotRequired[Union[str, None]]
    """A second text: NLI, the context when `text` is a question, or what a model without a head compares `text` to."""
    labels: NotRequired[Union[list[str], None]]
    """Labels of your own, from 1 to 100, for a model of natural language inference: how far the text entails the
    hypothesis of each (zero-shot classification); for a model that compares pictures with texts: how like each
    the `image` is.
    """
    hypothesis_template: NotRequired[Union[str, None]]
    """What `labels` claim of the text, with `{}` where the label stands; default `This example is {}.`, beside a
    picture the label alone.
    """
    granularity: NotRequired[Union[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"], list[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"]], None]]
    """Size of the units that get scores; default `word`, or `token` for `/saliency`. Several make a hierarchy. Of a
    picture `patch` (default) or `superpixel`; beside a picture units of texts are those of the label that is the
    target.
    """
    overflow: NotRequired[Overflow]
    """What to do with a text over the model's limit; of a text that fits it says nothing. Default `error`, but
    `/tokenize` lists all.
    """
    window_reduction: NotRequired[WindowReduction]
    """How windows are combined under `"overflow": "window"`; default `mean`."""
    offset_unit: NotRequired[OffsetUnit]
    """What offsets count, in the request and in the answer; default `utf16`."""
    max_new_tokens: NotRequired[Union[int, None]]
    """Models that generate: continue greedily by at most so many tokens, from 1 to 512, and explain those. Seq2seq
    models do so by default, with 32; causal models explain the next token where neither this nor a target is
    given.
    """
    spans: NotRequired[Union[list[list[int]], None]]
    """The caller's own units, [start, end] each, in place of `granularity`; at most 10,000, without overlap."""
    redact: NotRequired[Union[list[list[int]], None]]
    """Stretches of `text`, [start, end] each, that become `█` before a model reads them, so that no answer, picture
    or result tells what stood there; at most 10,000.
    """
    method: NotRequired[Literal["attn_lrp", "cp_lrp", "gradient", "gradient_shap", "input_x_gradient", "integrated_gradients", "smooth_grad"]]
    """Which method; default `integrated_gradients`."""
    norm: NotRequired[GradientNorm]
    """How `gradient`, and `smooth_grad` of it, turn a token's gradient into a number; default `l2`."""
    of: NotRequired[SmoothedScore]
    """What `smooth_grad` averages; default `gradient`."""
    baseline: NotRequired[Union[Literal["pad", "mask", "zero", "mean", "blur", "noise"], dict[str, Any], None]]
    """Where integration starts; default `mask` where the tokenizer has a mask token, else `pad`, which
    `gradient_shap` takes everywhere.
    """
    steps: NotRequired[Union[int, None]]
    """Points of the quadrature. Without them, and under `tolerance`, steps are doubled until the scores add up: from
    10 up to 80, under `tolerance` from 8 or these. The trapezoid rule has two at least. Of relevance: points over
    which it is averaged, default the text itself alone.
    """
    quadrature: NotRequired[QuadratureRule]
    """The rule of the quadrature; default `gauss_legendre`, and Clenshaw–Curtis where steps are doubled, as its
    points are among those of the next try.
    """
    tolerance: NotRequired[Union[float, None]]
    """Completeness error to reach by adding steps."""
    max_steps: NotRequired[Union[int, None]]
    """The most steps under `tolerance`; default 400, or `steps` if that is more."""
    samples: NotRequired[Union[int, None]]
    """Draws of `smooth_grad` and `gradient_shap`; default 25."""
    noise: NotRequired[Union[float, None]]
    """σ as a fraction of (max e − min e): of `smooth_grad`, default 0.1; of `gradient_shap`, whose baseline gets
    noise in all but its special tokens, default 0.
    """


class ShapAnswer(TypedDict):
    """What `/shap` answers."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, as it was sent."""
    model: Required[str]
    """The model's name."""
    method: Required[str]
    """What computed the scores, as the request calls it."""
    objective: Required[Objective]
    """The function of the target's logits that is explained."""
    prediction: Required[Prediction]
    """What the model says of the text."""
    target: Required[TargetAnswer]
    """What is explained."""
    against: NotRequired[TargetAnswer]
    """What the explained score is the difference to, where the request says `against`."""
    image: NotRequired[PictureAnswer]
    """The picture that was explained, where it was one."""
    tokens: Required[list[TokenAnswer]]
    """The whole sequence that the model saw (seq2seq: the encoder's)."""
    generated: NotRequired[list[GeneratedToken]]
    """Generated (or given) target tokens, each with its own scores."""
    unseen: NotRequired[list[UnseenText]]
    """Where the model saw only part of the text: the parts that it did not see."""
    evaluations: Required[int]
    """Texts that the model scored or differentiated for this answer: of a method that changes the text, the whole
    one and its changed forms, each once however many windows or identical ones it has.
    """
    seed: Required[int]
    """Seed of every random draw."""
    elapsed_ms: Required[float]
    """Time from the parsed request to this answer, in milliseconds."""
    warnings: Required[list[str]]
    """What a reader must know to read the numbers right, in sentences."""
    warning_codes: Required[list[str]]
    """A stable code of each warning, in the same order."""
    quality: NotRequired[dict[str, dict[str, MetricAnswer]]]
    """With `"quality": "basic"`: how far the scores can be trusted, as `metrics` of `/evaluate` says it: {metric:
    {replacement: figures}}.
    """
    unsigned: NotRequired[bool]
    """`true` where scores are sizes alone, in no unit of the objective: how much a part matters, not for what."""
    granularity: Required[str]
    """Size of the units; `spans` for the caller's own."""
    units: Required[list[UnitAnswer]]
    """Units of the text with their scores, in text order, without special tokens."""
    labels: NotRequired[list[LabelScores]]
    """The same explanation for every class, where all were asked for: label → its units' scores and values."""
    algorithm: Required[str]
    """Which estimator: what `auto` chose."""
    base_value: Required[float]
    """Score of the text without any unit."""
    value: Required[float]
    """Score of the whole text."""
    interactions: NotRequired[list[list[float]]]
    """[unit][unit] pairwise Shapley interactions, symmetric, zero diagonal."""
    triple_interactions: NotRequired[list[TripleAnswer]]
    """With `"interactions": 3`: what three units do together beyond what their pairs and each of them do, strongest
    first; at most 50, those below a hundredth of the strongest unit's score left out.
    """
    replacement: Required[str]
    """What replaced removed units: a token, `delete`, or the given text."""


class ShapRequest(TypedDict):
    """`POST /shap`."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, a string or a number: its answer carries it, and of a line of NDJSON its
    problem too.
    """
    model: NotRequired[Union[str, None]]
    """The model's name; default: the only or the configured one."""
    target: NotRequired[TargetRequest]
    """What is explained; default: what the model predicts."""
    against: NotRequired[TargetRequest]
    """A second target: what is explained is then the difference of the two logits, or log-probabilities
    (`objective``probability` is taken for the latter): why this and not that. Default: none.
    """
    objective: NotRequired[Objective]
    """The function of the target's logits that is explained; default `probability`, of generated tokens
    `log_probability`, of regression `logit`.
    """
    seed: NotRequired[Union[int, None]]
    """Seed of every random draw: any whole number of 64 bits; default 0."""
    deadline_ms: NotRequired[Union[int, None]]
    """The best answer so far after this many milliseconds where a method can, else 504. From 1 to the server's own
    limit for one request (`Limits:MaxRequestSeconds`, 600 s by default).
    """
    precision: NotRequired[Precision]
    """Arithmetic of perturbation rows; default `exact`."""
    quality: NotRequired[AnswerQuality]
    """`basic`: the answer says how far its scores can be trusted, by `area` under `mask` beside 20 random orders (up
    to 42 evaluations a unit); default `none`.
    """
    text: NotRequired[str]
    """The text; required, unless there are `messages` or an `image`."""
    image: NotRequired[Union[str, None]]
    """A picture in place of `text`, for models of pictures, alone or beside `labels`: PNG, JPEG or WebP, as base64
    or as a `data:` URL. In a form (`multipart/form-data`) it is the part `image`, the bytes themselves.
    """
    segments: NotRequired[Union[int, None]]
    """Of a picture with `"granularity": "superpixel"`: about how many, from 2 to 1,000; default 50."""
    messages: NotRequired[Union[list[MessageRequest], None]]
    """A conversation in place of `text`, up to 1,000 messages, for models with a chat template: the model reads what
    the template makes of it, and the contents are explained.
    """
    pair: NotRequired[Union[str, None]]
    """A second text: NLI, the context when `text` is a question, or what a model without a head compares `text` to."""
    labels: NotRequired[Union[list[str], None]]
    """Labels of your own, from 1 to 100, for a model of natural language inference: how far the text entails the
    hypothesis of each (zero-shot classification); for a model that compares pictures with texts: how like each
    the `image` is.
    """
    hypothesis_template: NotRequired[Union[str, None]]
    """What `labels` claim of the text, with `{}` where the label stands; default `This example is {}.`, beside a
    picture the label alone.
    """
    granularity: NotRequired[Union[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"], list[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"]], None]]
    """Size of the units that get scores; default `word`, or `token` for `/saliency`. Several make a hierarchy. Of a
    picture `patch` (default) or `superpixel`; beside a picture units of texts are those of the label that is the
    target.
    """
    overflow: NotRequired[Overflow]
    """What to do with a text over the model's limit; of a text that fits it says nothing. Default `error`, but
    `/tokenize` lists all.
    """
    window_reduction: NotRequired[WindowReduction]
    """How windows are combined under `"overflow": "window"`; default `mean`."""
    offset_unit: NotRequired[OffsetUnit]
    """What offsets count, in the request and in the answer; default `utf16`."""
    max_new_tokens: NotRequired[Union[int, None]]
    """Models that generate: continue greedily by at most so many tokens, from 1 to 512, and explain those. Seq2seq
    models do so by default, with 32; causal models explain the next token where neither this nor a target is
    given.
    """
    spans: NotRequired[Union[list[list[int]], None]]
    """The caller's own units, [start, end] each, in place of `granularity`; at most 10,000, without overlap."""
    redact: NotRequired[Union[list[list[int]], None]]
    """Stretches of `text`, [start, end] each, that become `█` before a model reads them, so that no answer, picture
    or result tells what stood there; at most 10,000.
    """
    algorithm: NotRequired[ShapAlgorithm]
    """Which estimator; default `auto`."""
    max_evaluations: NotRequired[Union[int, None]]
    """The most coalitions scored, base and full text included; default 500, for `exact` all, fewer where the text is
    read in windows, and at most 250 more for earlier generated tokens.
    """
    replacement: NotRequired[Union[Literal["mask", "pad", "delete", "mean", "zero", "blur", "noise"], dict[str, Any], None]]
    """What stands in for an absent unit; default `mask`."""
    interactions: NotRequired[Union[bool, int, None]]
    """Whether interactions are wanted: of pairs (`true`), of triples too (3); default `false`."""
    tolerance: NotRequired[Union[float, None]]
    """Largest standard error at which to stop early; `partition`: the worth of a group that need not be opened."""


class ShareFigure(TypedDict):
    """A figure with some of the units."""

    q: Required[float]
    """Their share."""
    k: Required[int]
    """How many they are."""
    value: Required[float]
    """The figure."""


class ShortcutSummary(TypedDict):
    """Whether scores lie where no meaning is: on special tokens, or at a place of the text rather than on its words."""

    rows: Required[int]
    """Rows whose explanation has scores."""
    special_tokens: NotRequired[float]
    """Mean share of the absolute scores of tokens that special tokens have; none where the method gives them no
    scores.
    """
    places: Required[list[PlaceShare]]
    """The text in fifths, from its beginning."""


class SliceSummary(TypedDict):
    """Rows that have the same value in the caller's column."""

    value: NotRequired[str]
    """The value; none of rows beyond the 200 values that came first."""
    rows: Required[int]
    """Rows with an answer."""
    predictions: Required[list[LabelShare]]
    """What is predicted of them."""
    accuracy: NotRequired[float]
    """How well, over those that have a label of their own."""
    macro_f1: NotRequired[float]
    """Mean of the F1 of every label that is predicted or true."""
    mean_probability: NotRequired[float]
    """Mean probability of the true label."""


class SpanAnswer(TypedDict):
    """A span of tokens and of the text."""

    start_token: Required[int]
    """First token of the span."""
    end_token: Required[int]
    """Last token of the span."""
    start: Required[int]
    """Start in the context, in offset units."""
    end: Required[int]
    """End in the context, in offset units."""


class SpanPrediction(TypedDict):
    """A span that may be the answer."""

    text: Required[str]
    """Its text."""
    span: Required[SpanAnswer]
    """Where it is."""
    logit: Required[float]
    """Sum of its start and end logits."""
    probability: Required[float]
    """Product of its start and end probabilities."""


class SpanRequest(TypedDict):
    """First and last token of a span, both included."""

    start: NotRequired[Union[int, None]]
    """First token."""
    end: NotRequired[Union[int, None]]
    """Last token."""


class SupportAnswer(TypedDict):
    """Whether a model supports a feature, and how to ask for it."""

    supported: Required[bool]
    """It does."""
    title: Required[str]
    """What it is called in lists."""
    path: Required[str]
    """The route that answers it."""
    request: Required[dict[str, Any]]
    """The fields by which a request asks for it."""
    reason: NotRequired[str]
    """Why it does not, with operator and node where the graph is the reason."""
    comparison: NotRequired[dict[str, Any]]
    """The fields for setting it beside other methods, quick enough for a page; left out where it scores no parts of
    a text.
    """


class SurrogateAnswer(TypedDict):
    """What the surrogates of a job say of a text."""

    logistic: Required[SurrogatePrediction]
    """The logistic regression."""
    tree: Required[SurrogatePrediction]
    """The tree."""


class SurrogateFeature(TypedDict):
    """A word or a pair of words."""

    feature: Required[str]
    idf: Required[float]
    weights: Required[list[float]]


class SurrogateFile(TypedDict):
    """`GET /jobs/{id}/surrogate`: all that it takes to run the surrogates elsewhere."""

    labels: Required[list[str]]
    """The labels, in the order of the weights."""
    intercepts: Required[list[float]]
    """Of the logistic regression, by label."""
    features: Required[list[SurrogateFeature]]
    """Words and pairs: a text's weight of one is its count times `idf`, divided by the length of all its weights."""
    rules: Required[list[TreeRule]]
    """The leaves of the tree."""


class SurrogatePrediction(TypedDict):
    """A surrogate's prediction."""

    label: Required[str]
    """The strongest label."""
    probability: Required[float]
    """Its probability."""
    labels: Required[dict[str, float]]
    """Every label's probability."""


class SurrogateRequest(TypedDict):
    """`POST /jobs/{id}/surrogate/predict`."""

    text: Required[str]
    """The text."""


class SurrogateSummary(TypedDict):
    """Two simple models that were taught the model's answers, and how far they can speak for it."""

    taught: Required[int]
    """Rows that they were taught."""
    pieces: Required[int]
    """Pieces of those rows, a few words each, that the regression was taught too."""
    held_out: Required[int]
    """Rows that were held out, on which fidelity is measured."""
    majority: Required[MajorityFidelity]
    """What always answering the label that is most frequent among the taught rows agrees with."""
    logistic: Required[LogisticSummary]
    """A sparse logistic regression on words and pairs of words."""
    tree: Required[TreeSummary]
    """A tree of at most four questions whether a word, or a pair, is there."""


class TargetAnswer(TypedDict):
    """What is explained."""

    label: NotRequired[str]
    """A class's name, a vocabulary entry."""
    index: NotRequired[int]
    """A class's index."""
    token: NotRequired[int]
    """A position in `tokens`."""
    token_id: NotRequired[int]
    """A vocabulary entry's id."""
    span: NotRequired[SpanRequest]
    """A span of tokens."""
    text: NotRequired[str]
    """A text."""
    token_ids: NotRequired[list[int]]
    """Tokens of a text."""
    similarity: NotRequired[bool]
    """`true`: how similar the text and its pair are."""
    labels: NotRequired[str]
    """`all` where every class (token classification without a token: every entity) is explained at once."""


class TargetRequest(TypedDict):
    """A label by name or by index, or every label at once (`"labels": "all"`); a position; a span; tokens; a text."""

    label: NotRequired[Union[str, int, None]]
    """A class by its name or index."""
    labels: NotRequired[Union[str, None]]
    """Only `"all"`: every class at once."""
    token: NotRequired[Union[int, None]]
    """A position in `tokens`: token classification, masked LM."""
    token_id: NotRequired[Union[int, None]]
    """The token wanted at `token`: masked LM."""
    span: NotRequired[SpanRequest]
    """A span of tokens: question answering."""
    continuation: NotRequired[Union[str, None]]
    """The text that a causal model is to continue with."""
    token_ids: NotRequired[Union[list[int], None]]
    """Tokens of a continuation or of a target text."""
    text: NotRequired[Union[str, None]]
    """The target text of a seq2seq model."""
    similarity: NotRequired[Union[bool, None]]
    """Only `true`: the cosine of the embeddings of `text` and `pair`, of a model without a head (the default there)."""


TokenAnswer = TypedDict(
    'TokenAnswer',
    {
        "index": 'Required[int]',
        "id": 'Required[int]',
        "token": 'Required[str]',
        "text": 'Required[str]',
        "start": 'Required[int]',
        "end": 'Required[int]',
        "special": 'Required[bool]',
        "unknown": 'NotRequired[bool]',
        "in": 'NotRequired[str]',
        "message": 'NotRequired[int]',
        "box": 'NotRequired[list[int]]',
        "score": 'NotRequired[float]',
    },
)


class TokenPrediction(TypedDict):
    """One token's strongest class (or, under a mask, vocabulary entry), and the others."""

    token: Required[int]
    label: Required[str]
    index: Required[int]
    probability: Required[float]
    labels: NotRequired[list[LabelAnswer]]
    """Classes by index; of a vocabulary the strongest entries, strongest first."""


class TokenProbability(TypedDict):
    """How likely a token is after those before it."""

    index: Required[int]
    """Its place in the sequence: `tokens`, and `generated` behind them."""
    token: Required[str]
    """Vocabulary form."""
    token_id: Required[int]
    """Vocabulary id."""
    text: Required[str]
    """The text that it adds; empty for special tokens, and for tokens that end inside a character."""
    log_probability: Required[float]
    """The logarithm of its probability."""
    rank: Required[int]
    """Its place among all tokens, from 1, the likeliest."""
    likeliest: Required[list[LikelyToken]]
    """The likeliest tokens here, likeliest first, as many as were asked for."""


class TokenizeAnswer(TypedDict):
    """What `/tokenize` answers."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, as it was sent."""
    model: Required[str]
    """The model's name."""
    method: Required[str]
    """What computed the scores, as the request calls it."""
    objective: NotRequired[Objective]
    """The function of the target's logits that is explained."""
    prediction: NotRequired[Prediction]
    """What the model says of the text."""
    target: NotRequired[TargetAnswer]
    """What is explained."""
    against: NotRequired[TargetAnswer]
    """What the explained score is the difference to, where the request says `against`."""
    image: NotRequired[PictureAnswer]
    """The picture that was explained, where it was one."""
    tokens: Required[list[TokenAnswer]]
    """The whole sequence that the model saw (seq2seq: the encoder's)."""
    generated: NotRequired[list[GeneratedToken]]
    """Generated (or given) target tokens, each with its own scores."""
    unseen: NotRequired[list[UnseenText]]
    """Where the model saw only part of the text: the parts that it did not see."""
    evaluations: NotRequired[int]
    """Texts that the model scored or differentiated for this answer: of a method that changes the text, the whole
    one and its changed forms, each once however many windows or identical ones it has.
    """
    seed: NotRequired[int]
    """Seed of every random draw."""
    elapsed_ms: Required[float]
    """Time from the parsed request to this answer, in milliseconds."""
    warnings: Required[list[str]]
    """What a reader must know to read the numbers right, in sentences."""
    warning_codes: Required[list[str]]
    """A stable code of each warning, in the same order."""
    quality: NotRequired[dict[str, dict[str, MetricAnswer]]]
    """With `"quality": "basic"`: how far the scores can be trusted, as `metrics` of `/evaluate` says it: {metric:
    {replacement: figures}}.
    """
    unsigned: NotRequired[bool]
    """`true` where scores are sizes alone, in no unit of the objective: how much a part matters, not for what."""


class TokenizeRequest(TypedDict):
    """`POST /tokenize`: every token, of a text over the model's limit too unless `overflow` is given."""

    id: NotRequired[Union[str, float, None]]
    """The caller's own name of the request, a string or a number: its answer carries it, and of a line of NDJSON its
    problem too.
    """
    model: NotRequired[Union[str, None]]
    """The model's name; default: the only or the configured one."""
    target: NotRequired[TargetRequest]
    """What is explained; default: what the model predicts."""
    against: NotRequired[TargetRequest]
    """A second target: what is explained is then the difference of the two logits, or log-probabilities
    (`objective``probability` is taken for the latter): why this and not that. Default: none.
    """
    objective: NotRequired[Objective]
    """The function of the target's logits that is explained; default `probability`, of generated tokens
    `log_probability`, of regression `logit`.
    """
    seed: NotRequired[Union[int, None]]
    """Seed of every random draw: any whole number of 64 bits; default 0."""
    deadline_ms: NotRequired[Union[int, None]]
    """The best answer so far after this many milliseconds where a method can, else 504. From 1 to the server's own
    limit for one request (`Limits:MaxRequestSeconds`, 600 s by default).
    """
    precision: NotRequired[Precision]
    """Arithmetic of perturbation rows; default `exact`."""
    quality: NotRequired[AnswerQuality]
    """`basic`: the answer says how far its scores can be trusted, by `area` under `mask` beside 20 random orders (up
    to 42 evaluations a unit); default `none`.
    """
    text: NotRequired[str]
    """The text; required, unless there are `messages` or an `image`."""
    image: NotRequired[Union[str, None]]
    """A picture in place of `text`, for models of pictures, alone or beside `labels`: PNG, JPEG or WebP, as base64
    or as a `data:` URL. In a form (`multipart/form-data`) it is the part `image`, the bytes themselves.
    """
    segments: NotRequired[Union[int, None]]
    """Of a picture with `"granularity": "superpixel"`: about how many, from 2 to 1,000; default 50."""
    messages: NotRequired[Union[list[MessageRequest], None]]
    """A conversation in place of `text`, up to 1,000 messages, for models with a chat template: the model reads what
    the template makes of it, and the contents are explained.
    """
    pair: NotRequired[Union[str, None]]
    """A second text: NLI, the context when `text` is a question, or what a model without a head compares `text` to."""
    labels: NotRequired[Union[list[str], None]]
    """Labels of your own, from 1 to 100, for a model of natural language inference: how far the text entails the
    hypothesis of each (zero-shot classification); for a model that compares pictures with texts: how like each
    the `image` is.
    """
    hypothesis_template: NotRequired[Union[str, None]]
    """What `labels` claim of the text, with `{}` where the label stands; default `This example is {}.`, beside a
    picture the label alone.
    """
    granularity: NotRequired[Union[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"], list[Literal["token", "word", "sentence", "paragraph", "patch", "superpixel"]], None]]
    """Size of the units that get scores; default `word`, or `token` for `/saliency`. Several make a hierarchy. Of a
    picture `patch` (default) or `superpixel`; beside a picture units of texts are those of the label that is the
    target.
    """
    overflow: NotRequired[Overflow]
    """What to do with a text over the model's limit; of a text that fits it says nothing. Default `error`, but
    `/tokenize` lists all.
    """
    window_reduction: NotRequired[WindowReduction]
    """How windows are combined under `"overflow": "window"`; default `mean`."""
    offset_unit: NotRequired[OffsetUnit]
    """What offsets count, in the request and in the answer; default `utf16`."""
    max_new_tokens: NotRequired[Union[int, None]]
    """Models that generate: continue greedily by at most so many tokens, from 1 to 512, and explain those. Seq2seq
    models do so by default, with 32; causal models explain the next token where neither this nor a target is
    given.
    """
    spans: NotRequired[Union[list[list[int]], None]]
    """The caller's own units, [start, end] each, in place of `granularity`; at most 10,000, without overlap."""
    redact: NotRequired[Union[list[list[int]], None]]
    """Stretches of `text`, [start, end] each, that become `█` before a model reads them, so that no answer, picture
    or result tells what stood there; at most 10,000.
    """


TreeRule = TypedDict(
    'TreeRule',
    {
        "with": 'Required[list[str]]',
        "without": 'Required[list[str]]',
        "label": 'Required[str]',
        "share": 'Required[float]',
        "rows": 'Required[int]',
    },
)


class TreeSummary(TypedDict):
    """The tree."""

    fidelity: Required[Fidelity]
    """How well it speaks for the model."""
    rules: Required[list[TreeRule]]
    """Its leaves."""


class TripleAnswer(TypedDict):
    """A Shapley interaction of three units."""

    units: Required[list[int]]
    """Their places in `units`, in text order."""
    score: Required[float]
    """The interaction."""


UnitAnswer = TypedDict(
    'UnitAnswer',
    {
        "text": 'Required[str]',
        "start": 'Required[int]',
        "end": 'Required[int]',
        "tokens": 'Required[list[int]]',
        "score": 'NotRequired[float]',
        "in": 'NotRequired[str]',
        "message": 'NotRequired[int]',
        "box": 'NotRequired[list[int]]',
        "standard_error": 'NotRequired[float]',
        "units": 'NotRequired[list[UnitAnswer]]',
    },
)


UnseenText = TypedDict(
    'UnseenText',
    {
        "start": 'Required[int]',
        "end": 'Required[int]',
        "in": 'NotRequired[str]',
    },
)


WindowAnswer = TypedDict(
    'WindowAnswer',
    {
        "tokens": 'Required[list[int]]',
        "start": 'Required[int]',
        "end": 'Required[int]',
        "score": 'Required[float]',
        "in": 'NotRequired[str]',
        "message": 'NotRequired[int]',
    },
)


class WordDrift(TypedDict):
    """The words of a label, then and now."""

    label: Required[str]
    """The label."""
    shared: Required[int]
    """Words that both have, which are compared."""
    only_before: Required[int]
    """Words that only those before have."""
    only_now: Required[int]
    """Words that only those now have."""
    ndcg: Required[float]
    """NDCG of the shared words in the order of their mean absolute scores now, gains being those before: 1 where the
    order is the same. Under 0.90 a warning says so.
    """
    top: Required[int]
    """How many of the strongest shared words `top_overlap` is about."""
    top_overlap: Required[float]
    """Share of the strongest words before that are among the strongest now."""
    moved: Required[int]
    """How many shared words have a mean now outside of the 95 % interval before."""
    strongest: Required[list[MovedWord]]
    """Those that moved furthest."""


class WordScore(TypedDict):
    """What a word contributes to a label."""

    word: Required[str]
    """In lower case."""
    documents: Required[int]
    """Rows that hold it."""
    occurrences: Required[int]
    """How often it stands in them."""
    mean: Required[float]
    """Of its score."""
    mean_absolute: Required[float]
    """Of its score's size."""
    low: NotRequired[float]
    """Lower end of the mean's 95 % interval; none of a single occurrence."""
    high: NotRequired[float]
    """Its upper end."""


class ExplainProblem(Exception):
    """What the service refused a request for: a problem by RFC 9457."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.get("detail") or problem.get("title"))
        self.problem = problem

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.problem["status"]


class ExplainService:
    """The service at an address, with a key where it has keys."""

    def __init__(
        self,
        address: str = "http://localhost:8080",
        key: str | None = None,
        timeout: float | None = 600,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {} if key is None else {"X-Api-Key": key}
        self._http = httpx.Client(base_url=address, headers=headers, timeout=timeout, transport=transport)

    def __enter__(self) -> ExplainService:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes its connections."""
        self._http.close()

    def lines(self, path: str, requests: Iterable[Any]) -> Iterator[Any]:
        """Many requests of an endpoint (NDJSON): an answer or a problem for each, in order, as they come. Only a problem has `status`."""
        content = (json.dumps(request, ensure_ascii=False).encode() + b"\n" for request in requests)
        headers = {"Content-Type": "application/x-ndjson"}
        with self._http.stream("POST", path, content=content, headers=headers) as response:
            if response.is_error:
                response.read()
            yield from map(json.loads, filter(None, self._checked(response).iter_lines()))

    def picture(self, path: str, format: Literal["svg", "png", "html"] = "svg", options: dict[str, Any] | None = None, **fields: Any) -> bytes:
        """An explanation as a picture; options are those of pictures (view, width, theme ...)."""
        return self._checked(self._http.post(path, params={"format": format, **(options or {})}, json=fields)).content

    def _send(self, verb: str, path: str, *, query: dict[str, Any] | None = None, body: Any = None) -> httpx.Response:
        sent = {name: value for name, value in (query or {}).items() if value is not None}
        return self._checked(self._http.request(verb, path, params=sent, json=body))

    @staticmethod
    def _checked(response: httpx.Response) -> httpx.Response:
        if response.is_error:
            try:
                problem = response.json()
            except ValueError:
                problem = None
            if not isinstance(problem, dict) or "status" not in problem:
                problem = {"type": "about:blank", "title": response.reason_phrase, "status": response.status_code, "detail": response.text}
            raise ExplainProblem(problem)
        return response

    def ablation(self, **fields: Unpack[AblationRequest]) -> AblationAnswer:
        """How the target falls when heads, neurons or layers are switched off"""
        return self._send("POST", "/ablation", body=fields).json()

    def attention(self, **fields: Unpack[AttentionRequest]) -> AttentionAnswer:
        """Attention maps, one by one or combined"""
        return self._send("POST", "/attention", body=fields).json()

    def compare(self, **fields: Unpack[CompareRequest]) -> CompareAnswer:
        """Which explanation can be trusted most"""
        return self._send("POST", "/compare", body=fields).json()

    def counterfactual(self, **fields: Unpack[CounterfactualRequest]) -> CounterfactualAnswer:
        """The smallest change of the text or picture that changes the prediction"""
        return self._send("POST", "/counterfactual", body=fields).json()

    def evaluate(self, **fields: Unpack[EvaluateRequest]) -> EvaluateAnswer:
        """How far an explanation can be trusted"""
        return self._send("POST", "/evaluate", body=fields).json()

    def layers(self, **fields: Unpack[LayersRequest]) -> LayersAnswer:
        """What each layer contributes, or already knows"""
        return self._send("POST", "/layers", body=fields).json()

    def lime(self, **fields: Unpack[LimeRequest]) -> LimeAnswer:
        """A linear model around the text"""
        return self._send("POST", "/lime", body=fields).json()

    def neurons(self, **fields: Unpack[NeuronsRequest]) -> NeuronsAnswer:
        """Which neurons are strong at which tokens, which fire together, and what raises them"""
        return self._send("POST", "/neurons", body=fields).json()

    def occlusion(self, **fields: Unpack[OcclusionRequest]) -> OcclusionAnswer:
        """How the target falls when parts of the text are removed"""
        return self._send("POST", "/occlusion", body=fields).json()

    def permutation(self, **fields: Unpack[PermutationRequest]) -> PermutationAnswer:
        """How the target falls when other units take a unit's place"""
        return self._send("POST", "/permutation", body=fields).json()

    def predict(self, **fields: Unpack[PredictRequest]) -> PredictAnswer:
        """What the model says of the text"""
        return self._send("POST", "/predict", body=fields).json()

    def saliency(self, **fields: Unpack[SaliencyRequest]) -> SaliencyAnswer:
        """Gradient attributions"""
        return self._send("POST", "/saliency", body=fields).json()

    def shap(self, **fields: Unpack[ShapRequest]) -> ShapAnswer:
        """Shapley values of the parts of the text"""
        return self._send("POST", "/shap", body=fields).json()

    def tokenize(self, **fields: Unpack[TokenizeRequest]) -> TokenizeAnswer:
        """The tokens that the model sees, with their offsets in the text"""
        return self._send("POST", "/tokenize", body=fields).json()

    def post_job(self, **fields: Unpack[JobRequest]) -> JobAnswer:
        """Begins a job over a file, uploaded or below Jobs:InputDirectory, or over texts; Idempotency-Key makes a
        repeated POST the same job
        """
        return self._send("POST", "/jobs", body=fields).json()

    def list_jobs(self, *, state: Union[str, None] = None, limit: Union[str, None] = None, after: Union[str, None] = None) -> JobList:
        """Jobs, newest first; for browsers (Accept: text/html) a page of them"""
        return self._send("GET", "/jobs", query={"state": state, "limit": limit, "after": after}).json()

    def get_job(self, id: str) -> JobAnswer:
        """How far a job is"""
        return self._send("GET", f"/jobs/{_quoted(id)}").json()

    def delete_job(self, id: str) -> None:
        """Removes a job with its texts and results"""
        self._send("DELETE", f"/jobs/{_quoted(id)}")

    def job_results(self, id: str, *, after: Union[str, None] = None, format: Union[str, None] = None) -> list[Any]:
        """Results in the order of the rows, each with its row's number and id; also while the job runs"""
        return [json.loads(line) for line in self._send("GET", f"/jobs/{_quoted(id)}/results", query={"after": after, "format": format}).text.splitlines() if line]

    def job_summary(self, id: str, *, top: Union[str, None] = None, min_documents: Union[str, None] = None) -> JobSummary:
        """What all results so far say together: labels, performance, words, importance"""
        return self._send("GET", f"/jobs/{_quoted(id)}/summary", query={"top": top, "min_documents": min_documents}).json()

    def job_report(self, id: str) -> str:
        """A page for people about the results so far: stands alone, prints well"""
        return self._send("GET", f"/jobs/{_quoted(id)}/report").text

    def job_evidence(self, id: str) -> bytes:
        """A zip of manifest, report, summary, results and their SHA-256 sums; the same bytes for the same job"""
        return self._send("GET", f"/jobs/{_quoted(id)}/evidence").content

    def job_surrogate(self, id: str) -> SurrogateFile:
        """The surrogates of a job of kind surrogate, for use elsewhere"""
        return self._send("GET", f"/jobs/{_quoted(id)}/surrogate").json()

    def ask_surrogate(self, id: str, **fields: Unpack[SurrogateRequest]) -> SurrogateAnswer:
        """What the surrogates of a job say of a text"""
        return self._send("POST", f"/jobs/{_quoted(id)}/surrogate/predict", body=fields).json()

    def cancel_job(self, id: str) -> JobAnswer:
        """Ends a job; what has a result keeps it"""
        return self._send("POST", f"/jobs/{_quoted(id)}/cancel").json()

    def pause_job(self, id: str) -> JobAnswer:
        """Begins nothing more of a job until it is resumed"""
        return self._send("POST", f"/jobs/{_quoted(id)}/pause").json()

    def resume_job(self, id: str) -> JobAnswer:
        """Goes on with a job that was paused or has failed"""
        return self._send("POST", f"/jobs/{_quoted(id)}/resume").json()

    def list_models(self) -> ModelList:
        """Every model, with what is wrong where one cannot be served"""
        return self._send("GET", "/models").json()

    def get_model(self, id: str) -> ModelAnswer:
        """One model: task, labels, limits, what it supports and, where not, why; loads it"""
        return self._send("GET", f"/models/{_quoted(id)}").json()

    def load_model(self, id: str) -> ModelAnswer:
        """Loads a model ahead of its use, anew where its files have changed; tries a broken one again"""
        return self._send("POST", f"/models/{_quoted(id)}/load").json()

    def unload_model(self, id: str) -> ModelAnswer:
        """Frees a model once the requests that use it have ended"""
        return self._send("POST", f"/models/{_quoted(id)}/unload").json()

    def live(self) -> LiveAnswer:
        """The process answers"""
        return self._send("GET", "/health/live").json()

    def ready(self) -> HealthAnswer:
        """The models are there, those to preload and the default can be served, and the service is not shutting down"""
        return self._send("GET", "/health/ready").json()

    def metrics(self) -> str:
        """Measurements in Prometheus' text format"""
        return self._send("GET", "/metrics").text


def _quoted(part: str) -> str:
    return quote(part, safe="")
