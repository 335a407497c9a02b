package sim

// Placed returns the pose of f in the world when the bodies have the given poses, as [Model.Poses] stores them.
func (f Frame) Placed(poses []Pose) Pose {
	if f.Body < 0 {
		return f.Pose
	}
	return poses[f.Body].Mul(f.Pose)
}
