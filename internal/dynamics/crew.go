package dynamics

import (
	"sync"
	"sync/atomic"
)

// crew solves the islands of a step, which have nothing in common, at the same time. Who takes which changes no bit of it.
type crew struct {
	opt    Options // of the step at hand
	solved bool    // whether all was, without what takes part since
	next   atomic.Int64
	busy   sync.WaitGroup
}

// handful is how many trees are solved sooner than others could be called to help.
const handful = 16

// solveIslands solves what is left of the islands.
func (s *Stepper) solveIslands() {
	if s.opt.Workers <= 1 {
		for _, p := range s.islands {
			p.run(&s.opt, s.solved)
		}
		return
	}
	left, trees := 0, 0
	for _, p := range s.islands {
		if !p.done {
			left, trees = left+1, trees+len(p.parts)
		}
	}
	s.next.Store(0)
	for k := 1; k < min(s.opt.Workers, left) && trees > handful; k++ {
		s.busy.Add(1)
		go s.help()
	}
	s.take()
	s.busy.Wait()
}

func (s *Stepper) help() {
	defer s.busy.Done()
	s.take()
}

// take solves one island after the other that nobody has taken.
func (s *Stepper) take() {
	for {
		i := int(s.next.Add(1)) - 1
		if i >= len(s.islands) {
			return
		}
		s.islands[i].run(&s.opt, s.solved)
	}
}
