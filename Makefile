# What a person runs is what CI runs.

.PHONY: run test bench lint view robust gradients fuzz

run: ## simulate the quadruped and write a plot and a table
	go run ./cmd/ukemi simulate quadruped --seconds 3 --controller hold --plot quadruped.png --out quadruped.csv

test: ## all tests; needs nothing but Go
	go test ./...

lint: ## formatting, vet with and without the window's tag, import directions
	@test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }
	go vet ./...
	go test ./internal/lint

bench: ## time, iterations and allocations per step
	go run ./cmd/ukemi bench

robust: ## a million random tosses, about three minutes a core
	go run ./cmd/ukemi bench robustness --steps 1000000 --seed 1

view: ## open the quadruped in a window, after installing what that needs on Debian
	sh viewer/setup.sh
	CGO_ENABLED=1 go run -tags gl ./cmd/ukemi view quadruped --controller hold

fuzz: ## every fuzz target for half a minute
	@for p in $$(go list ./...); do for f in $$(go test $$p -list '^Fuzz' | grep ^Fuzz); do go test $$p -run xxx -fuzz "^$$f$$" -fuzztime 30s || exit 1; done; done
