using System.Text.Json;
using System.Text.Json.Nodes;
using ExplainService.Graph;
using ExplainService.Graph.Building;
using ExplainService.Graph.Onnx;

namespace ExplainService.Testing;

/// <summary>
/// A model that compares pictures with texts, of CLIP's structure and random weights: patches with a class token, causal texts that are read
/// at their end token, projections, norms, and a product scaled by exp(logit_scale). As Optimum lays a folder out.
/// </summary>
public static class TinyClip
{
    /// <summary>Rows and columns of a picture.</summary>
    public const int Side = 32;

    /// <summary>Rows and columns of a patch.</summary>
    public const int Patch = 8;

    /// <summary>The most tokens of a text.</summary>
    public const int MaxTokens = 24;

    private const int Hidden = 16;
    private const int Heads = 2;
    private const int Layers = 2;
    private const int Embedding = 12;
    private const float LogitScale = 2.6592f;

    private static readonly string[] Words = ["cat", "dog", "photo", "red", "car", "of", "the", "house", "blue"];

    /// <summary>Writes its folder.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="bias">Whether a bias is added to the logits, as models do whose labels each stand alone.</param>
    /// <param name="quantised">Whether the projection of texts is of 8 bits, scaled by what runs together.</param>
    public static void Write(string folder, bool bias = false, bool quantised = false)
    {
        Directory.CreateDirectory(folder);
        var (tokenizer, vocabulary) = Tokenizer();
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), tokenizer.ToJsonString());
        File.WriteAllText(
            Path.Combine(folder, "tokenizer_config.json"),
            """
            {"tokenizer_class": "CLIPTokenizer", "bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", "pad_token": "<|endoftext|>",
             "unk_token": "<|endoftext|>", "model_max_length": 24}
            """
        );
        File.WriteAllText(
            Path.Combine(folder, "config.json"),
            $$"""
            {"architectures": ["CLIPModel"], "model_type": "clip", "projection_dim": {{Embedding}}, "logit_scale_init_value": {{LogitScale}},
             "text_config": {"model_type": "clip_text_model", "hidden_size": {{Hidden}}, "max_position_embeddings": {{MaxTokens}}, "vocab_size": {{vocabulary}},
                             "bos_token_id": {{vocabulary - 2}}, "eos_token_id": {{vocabulary - 1}}, "pad_token_id": 1},
             "vision_config": {"model_type": "clip_vision_model", "hidden_size": {{Hidden}}, "image_size": {{Side}}, "patch_size": {{Patch}} } }
            """
        );
        File.WriteAllText(
            Path.Combine(folder, "preprocessor_config.json"),
            $$"""
            {"image_processor_type": "CLIPImageProcessor", "do_resize": true, "size": {"shortest_edge": {{Side}}}, "resample": 3,
             "do_center_crop": true, "crop_size": {"height": {{Side}}, "width": {{Side}}}, "do_rescale": true, "rescale_factor": 0.00392156862745098,
             "do_normalize": true, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "do_convert_rgb": true}
            """
        );
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), GraphSerializer.Serialize(Build(vocabulary, bias, quantised)));
    }

    private static ModelGraph Build(int vocabulary, bool bias, bool quantised)
    {
        var graph = new ModelGraph { Opsets = { [""] = 17 } };
        var tape = new Tape(graph);
        var weights = new Weights(tape);
        var ids = tape.Input("input_ids", ElementType.Int64, Dim.Of("text_batch_size"), Dim.Of("sequence_length"));
        var pixels = tape.Input("pixel_values", ElementType.Float, Dim.Of("image_batch_size"), 3, Side, Side);
        var mask = tape.Input("attention_mask", ElementType.Int64, Dim.Of("text_batch_size"), Dim.Of("sequence_length"));
        var (image, text) = (Pictures(weights, pixels), Texts(weights, ids, mask, vocabulary, quantised));
        image = image / (image.Pow(2).ReduceSum([-1])).Pow(0.5);
        text /= tape.EmitAxes("ReduceL2", text, [-1], ("keepdims", 1L));
        var logits = text.MatMul(image.Transpose(1, 0)) * tape.Constant<float>([LogitScale]).Exp();
        logits = bias ? logits + weights.Vector(1, -1) : logits;
        tape.Output(logits.Transpose(1, 0), "logits_per_image");
        tape.Output(logits, "logits_per_text");
        tape.Output(text, "text_embeds");
        tape.Output(image, "image_embeds");
        return graph;
    }

    private static Value Pictures(Weights weights, Value pixels)
    {
        const int Count = Side / Patch * (Side / Patch);
        var tape = pixels.Tape;
        var kernel = weights.Matrix(Hidden, 3 * Patch * Patch, 0.1f).Reshape(Hidden, 3, Patch, Patch);
        var patches = tape.Emit(
                "Conv",
                [pixels, kernel],
                ("strides", new long[] { Patch, Patch }),
                ("kernel_shape", new long[] { Patch, Patch })
            )
            .Reshape(0, Hidden, -1)
            .Transpose(0, 2, 1);
        var first = weights.Matrix(1, Hidden, 0.5f).Unsqueeze(0).Expand(tape.Concat(0, pixels.Size(0), tape.List([1, Hidden])));
        var hidden = weights.Norm(tape.Concat(1, first, patches) + weights.Matrix(Count + 1, Hidden, 0.3f));
        for (var layer = 0; layer < Layers; layer++)
        {
            hidden = weights.Block(hidden, null);
        }

        return weights.Norm(hidden.Gather(tape.Scalar(0, ElementType.Int64), 1)).MatMul(weights.Matrix(Hidden, Embedding, 0.5f));
    }

    private static Value Texts(Weights weights, Value ids, Value mask, int vocabulary, bool quantised)
    {
        var tape = ids.Tape;
        var length = ids.Size(1);
        var zero = tape.Scalar(0, ElementType.Int64);
        var one = tape.Scalar(1, ElementType.Int64);
        var places = tape.Emit("Range", zero, length.Squeeze(0), one);
        var hidden = weights.Matrix(vocabulary, Hidden, 0.6f).Gather(ids) + weights.Matrix(MaxTokens, Hidden, 0.4f).Gather(places);
        var behind = tape.Emit("Less", places.Unsqueeze(1), places.Unsqueeze(0)).Unsqueeze(0, 1);
        var padded = (1 - mask.Cast(ElementType.Float)).Unsqueeze(1, 2) * -1e9;
        var bias = behind.Where(tape.Scalar(-1e9), tape.Scalar(0)) + padded;
        for (var layer = 0; layer < Layers; layer++)
        {
            hidden = weights.Block(hidden, bias);
        }

        var end = tape.Emit("ArgMax", [ids], ("axis", 1L), ("keepdims", 0L));
        var texts = tape.Emit("Range", zero, ids.Size(0).Squeeze(0), one);
        var read = tape.Emit("GatherND", weights.Norm(hidden), tape.Concat(1, texts.Unsqueeze(1), end.Unsqueeze(1)));
        return quantised ? weights.Quantised(read, Hidden, Embedding) : read.MatMul(weights.Matrix(Hidden, Embedding, 0.5f));
    }

    /// <summary>CLIP's: lower case, words that end with a mark, a start and an end token.</summary>
    private static (JsonObject Json, int Vocabulary) Tokenizer()
    {
        List<string> bytes = [.. ByteLetters()];
        List<string> pieces = [.. bytes, .. bytes.Select(letter => letter + "</w>")];
        List<string> merges = [];
        foreach (var word in Words)
        {
            var sofar = word[..1];
            for (var end = 1; end < word.Length; end++)
            {
                var next = word[end] + (end == word.Length - 1 ? "</w>" : "");
                if (!pieces.Contains(sofar + next))
                {
                    merges.Add($"{sofar} {next}");
                    pieces.Add(sofar + next);
                }

                sofar += next;
            }
        }

        pieces.AddRange(["<|startoftext|>", "<|endoftext|>"]);
        var (start, stop) = (pieces.Count - 2, pieces.Count - 1);
        var json = JsonNode
            .Parse(
                $$"""
                {"version": "1.0", "truncation": null, "padding": null,
                 "added_tokens": [
                   {"id": {{start}}, "content": "<|startoftext|>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": true, "special": true},
                   {"id": {{stop}}, "content": "<|endoftext|>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}],
                 "normalizer": {"type": "Sequence", "normalizers": [
                   {"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "}, {"type": "Lowercase"} ] },
                 "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
                   {"type": "Split", "behavior": "Removed", "invert": true,
                    "pattern": {"Regex": "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+"} },
                   {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true} ] },
                 "post_processor": {"type": "RobertaProcessing", "sep": ["<|endoftext|>", {{stop}}], "cls": ["<|startoftext|>", {{start}}],
                   "trim_offsets": false, "add_prefix_space": false},
                 "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
                 "model": {"type": "BPE", "dropout": null, "unk_token": "<|endoftext|>", "continuing_subword_prefix": "", "end_of_word_suffix": "</w>",
                   "fuse_unk": false, "byte_fallback": false} }
                """
            )!
            .AsObject();
        json["model"]!["vocab"] = JsonSerializer.SerializeToNode(pieces.Index().ToDictionary(piece => piece.Item, piece => piece.Index));
        json["model"]!["merges"] = JsonSerializer.SerializeToNode(merges);
        return (json, pieces.Count);
    }

    /// <summary>The character that stands for each byte.</summary>
    private static IEnumerable<string> ByteLetters()
    {
        var next = 256;
        for (var value = 0; value < 256; value++)
        {
            var shown = value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
            yield return ((char)(shown ? value : next++)).ToString();
        }
    }

    /// <summary>Random weights, always the same.</summary>
    private sealed class Weights(Tape tape)
    {
        private readonly Random random = new(20261130);

        public Value Matrix(int rows, int columns, float spread)
        {
            var values = new float[rows * columns];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (random.NextSingle() - 0.5f) * 2 * spread;
            }

            return tape.Constant<float>(values, rows, columns);
        }

        public Value Vector(int length, float around)
        {
            var values = new float[length];
            for (var i = 0; i < length; i++)
            {
                values[i] = around + ((random.NextSingle() - 0.5f) * 0.2f);
            }

            return tape.Constant<float>(values, length);
        }

        public Value Quantised(Value input, int from, int to)
        {
            var bytes = new byte[from * to];
            random.NextBytes(bytes);
            var matrix = tape.Constant<byte>(bytes, from, to);
            var quantised = tape.Emit("DynamicQuantizeLinear", [input], 3);
            var product = tape.Emit("MatMulInteger", quantised[0], matrix, quantised[2], tape.Constant<byte>([128]));
            return product.Cast(ElementType.Float) * (quantised[1] * tape.Scalar(0.004));
        }

        public Value Norm(Value input) =>
            tape.Emit("LayerNormalization", [input, Vector(Hidden, 1), Vector(Hidden, 0)], ("axis", -1L), ("epsilon", 1e-5f));

        public Value Block(Value hidden, Value? bias)
        {
            const int Size = Hidden / Heads;
            var input = Norm(hidden);
            Value Split(params long[] order) => Dense(input, Hidden, Hidden).Reshape(0, 0, Heads, Size).Transpose(order);
            var scores = Split(0, 2, 1, 3).MatMul(Split(0, 2, 3, 1)) / Math.Sqrt(Size);
            scores = bias is null ? scores : scores + bias;
            hidden += Dense(scores.Softmax().MatMul(Split(0, 2, 1, 3)).Transpose(0, 2, 1, 3).Reshape(0, 0, Hidden), Hidden, Hidden);
            var wide = Dense(Norm(hidden), Hidden, 2 * Hidden);
            return hidden + Dense(wide * (wide * 1.702).Sigmoid(), 2 * Hidden, Hidden);
        }

        private Value Dense(Value input, int from, int to) => input.MatMul(Matrix(from, to, 0.35f)) + Vector(to, 0);
    }
}
