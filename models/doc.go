// Package models is a small zoo of mechanisms built in Go, one per file, and the helpers that put any model on
// the ground. [All] lists the zoo, [Find] looks a name up.
//
//	e, err := models.Find("quadruped")
//	…
//	m, err := e.Builder(models.Options{}).Build()
//	state := e.Start(m)
//
// Robots described in files are read by the packages below this one.
package models
