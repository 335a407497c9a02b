package mjcf

import (
	"fmt"
	"strings"
)

// Why known elements and attributes have no effect. Several share a reason, and are then one note.
const (
	drawing   = "ignored: only MuJoCo's drawing uses it"
	soft      = "MuJoCo's soft contacts and limits (solref, solimp, solmix) are not simulated: contacts, limits and couplings are hard here, κ says how hard"
	settings  = "ignored: a setting of MuJoCo's solver or compiler"
	userData  = "ignored: data for the user's own program"
	notTaken  = "ignored: not simulated" + changes
	memory    = "ignored: sizes of MuJoCo's memory"
	lengths   = "ignored: only muscles and length ranges need it"
	timing    = "ignored: delays and histories are not simulated" + changes
	nearField = "ignored: contacts act when shapes touch, there is no margin around them"
)

// ignoredElements says of known elements why all of them has no effect.
var ignoredElements = map[string]string{
	"visual": drawing, "statistic": drawing, "light": drawing, "camera": drawing, "texture": drawing, "skin": drawing, "layer": drawing,
	"size": memory, "custom": userData, "lengthrange": lengths,
	"flexcomp": "ignored: deformable bodies are not simulated" + changes, "deformable": "ignored: deformable bodies are not simulated" + changes,
	"composite": "ignored: composite bodies are not made" + changes,
	"extension": "ignored: plugins are not run" + changes, "plugin": "ignored: plugins are not run" + changes,
	"attach": "ignored: other models are not attached; include them" + changes, "model": "ignored: other models are not attached; include them" + changes,
	"flex": "ignored: deformable bodies are not simulated" + changes, "flexvert": "ignored: deformable bodies are not simulated" + changes, "flexstrain": "ignored: deformable bodies are not simulated" + changes,
}

// ignoredAttrs says of known attributes why they have no effect, by element, "*" for all.
var ignoredAttrs = map[string]map[string]string{
	"*": {
		"solref": soft, "solimp": soft, "solreflimit": soft, "solimplimit": soft, "solreffriction": soft, "solimpfriction": soft, "solmix": soft,
		"user": userData, "margin": nearField, "gap": nearField, "delay": timing, "nsample": timing, "interp": timing, "interval": timing,
	},
	"compiler": {
		"texturedir": drawing, "discardvisual": settings, "usethread": settings, "fusestatic": settings, "saveinertial": settings, "savecompiled": settings,
		"savecanonical": settings, "conflict": settings, "passthrough": settings, "exactmeshinertia": "ignored: say inertia=\"exact\" at the mesh",
		"convexhull": settings,
	},
	"option": {
		"magnetic": settings, "impratio": soft, "o_margin": soft, "o_solref": soft, "o_solimp": soft, "o_friction": soft,
		"integrator": settings, "cone": settings, "jacobian": settings, "solver": settings, "iterations": settings, "tolerance": settings,
		"ls_iterations": settings, "ls_tolerance": settings, "noslip_iterations": settings, "noslip_tolerance": settings, "ccd_iterations": settings,
		"ccd_tolerance": settings, "sdf_iterations": settings, "sdf_initpoints": settings, "sleep_tolerance": settings, "actuatorgroupdisable": notTaken,
		"apirate": settings, "mpr_iterations": settings, "mpr_tolerance": settings, "collision": settings,
	},
	"flag": {
		"clampctrl": notTaken, "warmstart": settings, "filterparent": settings, "refsafe": soft, "sensor": settings, "midphase": settings, "nativeccd": settings,
		"island": settings, "eulerdamp": settings, "autoreset": settings, "override": soft, "energy": settings, "fwdinv": settings, "invdiscrete": settings,
		"multiccd": settings, "sleep": settings, "diagexact": settings, "ipc": settings, "speculative": settings, "passive": notTaken,
	},
	"body":      {"sleep": settings, "simple": settings, "fuse": settings},
	"joint":     {"group": drawing, "actuatorgravcomp": notTaken, "springyield": notTaken},
	"freejoint": {"group": drawing},
	"frame":     {"scaling": "ignored: frames are not scaled"},
	"geom": {
		"castshadow": drawing, "fluidshape": notTaken, "fluidcoef": notTaken, "surfacevel": notTaken, "adhesion": notTaken,
	},
	"pair": {"adhesion": notTaken},
	"site": {"group": drawing, "material": drawing, "rgba": drawing, "mesh": drawing},
	"mesh": {
		"texcoord": drawing, "normal": drawing, "smoothnormal": drawing, "material": drawing, "content_type": settings, "maxhullvert": settings,
		"params": notTaken, "octree_maxdepth": settings,
	},
	"hfield": {"content_type": settings},
	"material": {
		"texture": drawing, "texrepeat": drawing, "texuniform": drawing, "emission": drawing, "specular": drawing, "shininess": drawing,
		"reflectance": drawing, "metallic": drawing, "roughness": drawing,
	},
	"fixed":   {"group": drawing, "springyield": notTaken},
	"spatial": {"group": drawing, "material": drawing, "rgba": drawing, "width": drawing, "springyield": notTaken},
	"tendon":  {"group": drawing, "material": drawing, "rgba": drawing, "width": drawing, "springyield": notTaken},
	"weld":    {"torquescale": soft},
	"key":     {"act": notTaken, "mpos": notTaken, "mquat": notTaken, "plastic": notTaken},
}

// actuatorIgnored are the attributes of all kinds of actuators that have no effect.
var actuatorIgnored = map[string]string{
	"lengthrange": lengths, "actdim": notTaken, "actearly": notTaken, "cranklength": notTaken, "slidersite": notTaken,
	"input": settings, "ffrange": notTaken, "velrange": notTaken,
}

// whyIgnored returns the reason for which an attribute has no effect, and whether it is known at all.
func whyIgnored(element, name string) (string, bool) {
	if s, ok := ignoredAttrs[element][name]; ok {
		return s, true
	}
	if actuatorKinds[element] {
		if s, ok := actuatorIgnored[name]; ok {
			return s, true
		}
	}
	if s, ok := ignoredAttrs["*"][name]; ok {
		return s, true
	}
	return "ignored: it is unknown here", false
}

// leftovers reports every part of n that no reader asked for.
func (r *reader) leftovers(n *node) {
	byReason := map[string][]string{}
	for i := range n.attrs {
		a := &n.attrs[i]
		if a.Used {
			continue
		}
		why, known := whyIgnored(n.name, a.Name)
		if why == soft {
			r.notes.once(n.at, n.name, n.ownName(), soft)
			continue
		}
		text := a.Name
		if !known {
			text = fmt.Sprintf("%s=%q", a.Name, clip(a.Value))
		}
		byReason[why] = append(byReason[why], text)
	}
	for _, why := range sortedKeys(byReason) {
		word := "attribute "
		if len(byReason[why]) > 1 {
			word = "attributes "
		}
		r.notef(n, "%s", word+strings.Join(byReason[why], ", ")+" "+why)
	}
	if t := n.text; t != nil {
		r.notes.add(t.Place, t.Element, t.Name, t.Message)
	}
	for _, k := range n.kids {
		switch {
		case k.skipped:
		case ignoredElements[k.name] != "":
			r.notes.add(k.at, k.name, k.ownName(), ignoredElements[k.name])
		case n.name == "default" && isActuator(k.name) && !actuatorKinds[k.name]:
			r.notes.add(k.at, k.name, "", "ignored: actuators of this kind are not simulated"+changes)
		case !known(n.name, k.name):
			r.notef(k, "ignored: unknown element")
		default:
			r.leftovers(k)
		}
	}
}

// holds lists the elements that are read, by the element they are in.
var holds = map[string]string{
	"mujoco":    "compiler option default asset worldbody contact tendon equality actuator sensor keyframe",
	"option":    "flag",
	"default":   "default joint geom site mesh material tendon equality pair general motor position velocity intvelocity damper",
	"asset":     "mesh hfield material",
	"worldbody": "body geom site frame replicate",
	"body":      "body inertial joint freejoint geom site frame replicate",
	"frame":     "body joint freejoint geom site frame replicate",
	"replicate": "body joint freejoint geom site frame replicate",
	"contact":   "pair exclude",
	"tendon":    "fixed spatial",
	"fixed":     "joint",
	"equality":  "connect weld joint tendon",
	"actuator":  "general motor position velocity intvelocity damper",
	"keyframe":  "key",
}

func isActuator(name string) bool { _, ok := actuatorKinds[name]; return ok }

func known(parent, name string) bool {
	if parent == "sensor" {
		return true // described by the names of their elements
	}
	for _, s := range strings.Fields(holds[parent]) {
		if s == name {
			return true
		}
	}
	return false
}
