package dynamics

// Islands returns how many groups of trees the last solve found that nothing couples: each was solved by itself.
func (s *Stepper) Islands() int { return len(s.islands) }
