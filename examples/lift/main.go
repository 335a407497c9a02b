// Command lift finds the force that lifts a block off the ground and holds it still a meter higher, in a second: not
// from hard contact alone, whose derivative says that a force is of no use, but from soft to hard. The task itself is a page to
// read: trajopt/task/block.go.
//
//	go run ./examples/lift [-plot FILE.png] [-html FILE.html]
package main

import (
	"github.com/ukemi-sim/ukemi/examples/internal/motion"
	"github.com/ukemi-sim/ukemi/examples/internal/program"
	"github.com/ukemi-sim/ukemi/trajopt/task"
)

var run = motion.Block("lift", task.Lift, 106, 28)

func main() { program.Main("lift", run) }
