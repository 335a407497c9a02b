// Command push finds the force that moves a block by a meter over the ground, from rest to rest, in a second: not
// from hard contact alone, whose derivative says that a force is of no use, but from soft to hard. The task itself is a page to
// read: trajopt/task/block.go.
//
//	go run ./examples/push [-plot FILE.png] [-html FILE.html]
package main

import (
	"github.com/ukemi-sim/ukemi/examples/internal/motion"
	"github.com/ukemi-sim/ukemi/examples/internal/program"
	"github.com/ukemi-sim/ukemi/trajopt/task"
)

var run = motion.Block("push", task.Push, 30, 20)

func main() { program.Main("push", run) }
