package main

import "github.com/ukemi-sim/ukemi/models"

// hold makes servos of the torques of a world that is not finished yet.
func hold(w *world) int { return models.Hold(w.builder, w.model) }
