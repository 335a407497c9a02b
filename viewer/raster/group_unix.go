//go:build unix

package raster

import (
	"os/exec"
	"syscall"
)

// alone keeps signals of the terminal from c: an interrupt shall end the drawing, and the encoder write what there is.
func alone(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
