package viewer

// mode says who makes the states that are shown.
type mode uint8

const (
	live   mode = iota // the desk steps
	replay             // a recorded trajectory
	loop               // the user's program, through Update
)
