# What a person runs is what CI runs.

.PHONY: run test python python-torch bench versus versus-quick versus-docs lint view robust mechanisms gradients fuzz

run: ## simulate the quadruped and write a plot and a table
	go run ./cmd/ukemi simulate quadruped --seconds 3 --controller hold --plot quadruped.png --out quadruped.csv

test: ## all tests; needs nothing but Go
	go test -timeout 30m ./...

python: ## build the Python package, install it in a new virtual environment, test it there; needs gcc and python3
	sh python/check.sh

python-torch: ## the same with torch, which brings 5 GB
	sh python/check.sh torch stable-baselines3

lint: ## formatting, vet with and without the window's tag, import directions
	@test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }
	go vet ./...
	go test ./internal/lint

bench: ## time, iterations and allocations per step
	go run ./cmd/ukemi bench

versus: ## other engines on the same scenes, about ten minutes; needs python3 with venv and pip, cc, c++
	go run ./bench/versus run

versus-quick: ## MuJoCo alone, about two minutes
	go run ./bench/versus run --quick

versus-docs: ## versus, and its tables and plot into docs/comparison.md
	go run ./bench/versus run --out bench/versus/result.json
	go run ./bench/versus table bench/versus/result.json --doc docs/comparison.md --plot docs/img/work_precision.png

robust: ## a million random tosses, about three minutes a core
	go run ./cmd/ukemi bench robustness --steps 1000000 --seed 1

mechanisms: ## a thousand random mechanisms, about two minutes; some fail
	go run ./cmd/ukemi bench robustness --mechanisms 1000 --seed 1

view: ## open the quadruped in a window, after installing what that needs on Debian
	sh viewer/setup.sh
	CGO_ENABLED=1 go run -tags gl ./cmd/ukemi view quadruped24 --controller hold

fuzz: ## every fuzz target for half a minute; few tries to shorten an input, or that takes all the time
	@for p in $$(go list ./...); do for f in $$(go test $$p -list '^Fuzz' | grep ^Fuzz); do go test $$p -run xxx -fuzz "^$$f$$" -fuzztime 30s -fuzzminimizetime 10x || exit 1; done; done
