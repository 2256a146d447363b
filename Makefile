# Everything begins here. `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help run test check golden bench clean environment
export PYTHON
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest

help: ## 列出这些命令 · list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: ## 启动学伴，浏览器打开 http://127.0.0.1:8000 · start 学伴 and open that page
	@scripts/environment.sh --no-dev --inexact
	@exec $(BIN)/xueban run

test: environment ## 全部测试：两种数据库、浏览器、覆盖率 · every test: both databases, the browser, coverage
	chromium=$$(scripts/chromium.sh) && \
	  CHROMIUM="$$chromium" $(PYTEST) --numprocesses auto --dist worksteal --cov --cov-report=term:skip-covered --cov-fail-under=90
	$(BIN)/coverage report --include='domain/*' --skip-covered --fail-under=100

check: environment ## 代码规范、类型、楼层、文档、文案、数据库结构 · style, types, floors, docs, texts, schema
	scripts/environment.sh lock
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST) tests/unit/test_docs.py tests/unit/test_texts.py
	$(BIN)/python scripts/schema.py

golden: environment ## 重写对话记录，再看差别 · rewrite the golden transcripts, then read the diff
	$(PYTEST) tests/transcripts --golden-rewrite

bench: environment ## 量一量有多快，写入 bench/RESULTS.md · measure, and write bench/RESULTS.md
	$(BIN)/python -m bench

clean: ## 删掉可以重建的（不动 data/）· remove what can be rebuilt (never data/)
	rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	@scripts/environment.sh
