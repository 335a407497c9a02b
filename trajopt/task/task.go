// Package task has the motions that come with package trajopt: `ukemi optimize` and the examples find them. Each is a function of its own
// file that builds a model, a problem and a first guess: read one to write your own.
package task

import (
	"fmt"
	"strings"

	"github.com/ukemi-sim/ukemi/trajopt"
)

// Task is a motion to find.
type Task struct {
	Problem *trajopt.Problem
	Guess   [][]float64     // of the inputs; nil: zero
	Options trajopt.Options // with which it is found

	// Check returns an error unless a motion that reaches the goal also does it in the way that the task is about. nil: any way will do.
	Check func(r *trajopt.Result) error
}

// Entry is a task that has a name.
type Entry struct {
	Name    string
	Summary string
	New     func() (*Task, error)
}

// All lists the tasks.
func All() []Entry {
	l := []Entry{
		{"swingup", "a cart swings its pole up, within a meter on either side", Swingup},
		{"push", "a force pushes a block by a meter over the ground, from rest to rest", Push},
		{"lift", "a force lifts a block off the ground, to rest a meter higher", Lift},
		{"steer", "two fingers push a box 0.2 m over the ground and turn it by 30°", Steer},
		{"hopper", "Raibert's hopper jumps half a meter forward and half a meter aside", Hopper},
	}
	for i := range gaits {
		g := &gaits[i]
		l = append(l, Entry{g.name, g.summary, func() (*Task, error) { return newGait(g) }})
	}
	return l
}

// Find returns the task of a name. An unknown name is an error that lists all.
func Find(name string) (*Task, error) {
	var names []string
	for _, e := range All() {
		if e.Name == name {
			return e.New()
		}
		names = append(names, e.Name)
	}
	return nil, fmt.Errorf("there is no task %q; there are %s", name, strings.Join(names, ", "))
}
