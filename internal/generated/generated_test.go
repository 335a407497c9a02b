package generated

import (
	"strings"
	"testing"
)

func TestBetween(t *testing.T) {
	const name = "steps"
	empty, err := Between([]byte(" \n"), name, []byte("one\n"))
	if err != nil || string(empty) != "<!-- steps: begin -->\n\none\n\n<!-- steps: end -->\n" {
		t.Errorf("an empty file becomes %q, %v", empty, err)
	}
	page := "before\n" + string(empty) + "after\n<!-- other: begin -->\nkept\n<!-- other: end -->\n"
	got, err := Between([]byte(page), name, []byte("two\n"))
	if want := strings.Replace(page, "one", "two", 1); err != nil || string(got) != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	again, err := Between(got, name, []byte("two\n"))
	if err != nil || string(again) != string(got) {
		t.Errorf("a second time changes the file: %q, %v", again, err)
	}
	for _, bad := range []string{"text", "<!-- steps: begin -->", "<!-- steps: end --> <!-- steps: begin -->"} {
		if _, err := Between([]byte(bad), name, nil); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}
