package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// TestBrowse calls the program that opens pages, here one that writes down what it was asked for.
func TestBrowse(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the program that opens pages is replaced on Linux alone")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte("#!/bin/sh\necho \"$1\" > "+dir+"/asked\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	page := filepath.Join(dir, "a.html")
	if status, _, stderr := ukemi("view", "sphere", "--seconds", "0.1", "--html", page, "--open"); status != 0 {
		t.Fatal(stderr)
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if asked, _ := os.ReadFile(filepath.Join(dir, "asked")); strings.TrimSpace(string(asked)) == page {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the browser was not asked to open the page")
		}
	}
	if status, _, stderr := ukemi("view", "sphere", "--open"); status != 1 || !strings.Contains(stderr, "--web or --html") {
		t.Errorf("--open alone: status %d, %q", status, stderr)
	}
	t.Setenv("PATH", t.TempDir())
	if err := browse(page); err == nil || !strings.Contains(err.Error(), "open "+page+" yourself") {
		t.Errorf("without such a program: %v", err)
	}
	if _, err := exec.LookPath("xdg-open"); err == nil {
		t.Error("the test did not take the program away")
	}
}

// TestAnother: the live page gets robots of the zoo by name and files by their text, and no file of this computer.
func TestAnother(t *testing.T) {
	f := &viewFlags{}
	f.run.add(&cobra.Command{}, 1)
	here := filepath.Join(t.TempDir(), "here.urdf")
	const text = `<robot name="%"><link name="a"><inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="1" ixy="0" ixz="0" iyz="0"/></inertial></link></robot>`
	file := func(name string) []byte { return []byte(strings.Replace(text, "%", name, 1)) }
	if err := os.WriteFile(here, file("first"), 0o600); err != nil {
		t.Fatal(err)
	}
	open := f.another(here, t.TempDir())
	title := func(name string, text []byte) string {
		r, err := open(name, text)
		if err != nil {
			return err.Error()
		}
		return r.Model.Name()
	}
	if err := os.WriteFile(here, file("changed"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, text, want string }{
		{"", "", "changed"}, {"quadruped", "", "quadruped"}, {"a.urdf", string(file("dropped")), "dropped"},
		{"../../../b.urdf", string(file("climbing")), "climbing"}, {"..", "x", "want"}, {here, "", "no model"}, {"c.urdf", "<robot", "c.urdf"},
	} {
		if got := title(c.name, []byte(c.text)); !strings.Contains(got, c.want) || strings.Contains(got, os.TempDir()+"/ukemi") {
			t.Errorf("%q gives %q, want %q", c.name, got, c.want)
		}
	}
}

// TestDropped: the window opens the file that is dropped on it, and that one anew from then on; a bad one changes nothing.
func TestDropped(t *testing.T) {
	f := &viewFlags{}
	c := &cobra.Command{}
	f.run.add(c, 1)
	dir := t.TempDir()
	file := func(name string) string {
		p := filepath.Join(dir, name+".urdf")
		text := `<robot name="` + name + `"><link name="a"><inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="1" ixy="0" ixz="0" iyz="0"/></inertial></link></robot>`
		if name == "bad" {
			text = "<robot"
		}
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	open := f.dropped(c, file("first"))
	for _, w := range []struct{ path, want string }{{"", "first"}, {file("second"), "second"}, {"", "second"}, {file("bad"), "bad.urdf"}, {"", "second"}} {
		got := ""
		if r, err := open(w.path); err != nil {
			got = err.Error()
		} else {
			got = r.Model.Name()
		}
		if !strings.Contains(got, w.want) {
			t.Errorf("%q gives %q, want %q", w.path, got, w.want)
		}
	}
}
