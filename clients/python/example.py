#!/usr/bin/env python3
"""Why does the model say so? python3 example.py [ADDRESS] [TEXT]"""

import sys

from explain_service import ExplainProblem, ExplainService


def main(address: str = "http://localhost:8080", text: str = "The acting was terrible but the music is absolutely wonderful.") -> None:
    with ExplainService(address) as service:
        answer = service.shap(text=text, max_evaluations=256)
        prediction = answer["prediction"]
        print(f"{answer['model']}: {prediction.get('label')} ({prediction.get('probability', 0):.3f})")
        for unit in sorted(answer["units"], key=lambda unit: -abs(unit.get("score", 0))):
            print(f"{unit.get('score', 0):+.4f} {unit['text']}")
        total = answer["base_value"] + sum(unit.get("score", 0) for unit in answer["units"])
        print(f"sum {total:.4f} value {answer['value']:.4f}")
        for line in service.lines("/predict", [{"text": "not bad"}, {"text": ""}]):
            print("refused" if "status" in line else line["prediction"]["label"])
        try:
            service.predict(text=text, model="no-such-model")
        except ExplainProblem as refused:
            print(f"{refused.status}: {refused}")
        print("picture", service.picture("/shap", text="not bad", options={"view": "bars"})[:4])


if __name__ == "__main__":
    main(*sys.argv[1:])
