package xmlroot_test

import (
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/xmlroot"
)

func TestName(t *testing.T) {
	for text, want := range map[string]string{
		`<robot name="r"/>`: "robot",
		"\ufeff<?xml version='1.0'?>\n<!DOCTYPE mujoco>\n<mujoco>":   "mujoco",
		"<!-- <robot> -- no --><mujoco":                              "mujoco",
		"\xff\xfe<\x00!\x00-\x00-\x00-\x00-\x00>\x00<\x00r\x00>\x00": "r",
		"\xff<!-- \xff --><robot>":                                   "robot",
		"":                                                           "",
		"no XML, 1 < 2":                                              "",
		strings.Repeat(" ", xmlroot.Reach) + "<robot>":               "",
	} {
		if got := xmlroot.Name([]byte(text)); got != want {
			t.Errorf("%.60q: %q, want %q", text, got, want)
		}
	}
}
