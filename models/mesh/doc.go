// Package mesh reads triangle meshes and computes what mechanics wants to know of them: mass, inertia and
// convex hull.
//
//	path, err := mesh.Find("package://robot/meshes/foot.stl", folderOfTheDescription, searchFolders...)
//	m, err := mesh.Load(path)             // .stl (binary, ASCII), .obj, .dae (geometry with transforms and units)
//	in, err := m.Inertia(1000)            // of the solid inside a closed mesh
//	hull, err := m.Hull()
//
// Lengths are those of the file; a scale is applied by [Mesh.Scaled]. Errors name the file and, in text formats,
// the line. What a reader found and did not use is listed in [Mesh.Ignored].
package mesh
