"""Drake's side of the comparison: a discrete MultibodyPlant. The interface of all engines is in ../README.md.

    drake_step.py step|end FILE SECONDS default

The inputs come from a piecewise constant source, so that all steps of a pass run without Python. Drake's parser
takes the same MJCF file, but knows no dry friction in joints, no collision filters and one contact for a shape on
a plane: boxes become eight and capsules two balls, as ukemi has them, and robots do not touch themselves.
"""
import json, logging, sys, time
import xml.etree.ElementTree as xml
from importlib.metadata import version

import numpy as np
from pydrake.common.eigen_geometry import Quaternion
from pydrake.geometry import CollisionFilterDeclaration, GeometrySet, Role
from pydrake.math import RigidTransform, RollPitchYaw, RotationMatrix
from pydrake.multibody.parsing import Parser
from pydrake.multibody.tree import PdControllerGains
from pydrake.multibody.plant import AddMultibodyPlantSceneGraph
from pydrake.systems.analysis import Simulator
from pydrake.systems.framework import DiagramBuilder
from pydrake.systems.primitives import TrajectorySource
from pydrake.trajectories import PiecewisePolynomial

CORNER = 1e-3  # radius of the balls at the corners of a box (m), inside it


def numbers(text):
    return np.array(text.split(), float)


def balls(geom):
    """Centers in the geom's frame and radius of what touches first, or None for a ball itself and a plane."""
    size = numbers(geom.get("size"))
    if geom.get("type") == "box":
        return [np.array([a, b, c]) * (size - CORNER) for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)], CORNER
    if geom.get("type") == "capsule":
        return [np.array([0, 0, s * size[1]]) for s in (-1, 1)], size[0]
    if geom.get("type") in ("sphere", "plane"):
        return None
    sys.exit("a %s touches a plane in one point only" % geom.get("type"))


def adapted(file, inputs):
    """The file's tree with balls for boxes and capsules, motors for servos, and no motors that are not used."""
    tree = xml.parse(file)
    for body in tree.iter("body"):
        for geom in body.findall("geom"):
            found = balls(geom)
            if found is None:
                continue
            body.remove(geom)
            at = RigidTransform(Quaternion(numbers(geom.get("quat"))), numbers(geom.get("pos")))
            for c in found[0]:
                pos = " ".join(repr(float(x)) for x in at.multiply(c))
                xml.SubElement(body, "geom", type="sphere", size=repr(float(found[1])), pos=pos, friction=geom.get("friction"))
    gains = {a.get("joint"): (float(a.get("kp")), float(a.get("kv"))) for a in tree.iter("position")}
    for drive in tree.iter("position"):
        drive.tag = "motor"
    if not inputs.any():  # Drake has no motors on ball joints
        for drives in tree.findall("actuator"):
            tree.getroot().remove(drives)
    return tree, gains


def connect(builder, port, h, rows):
    """Feeds a port with rows that change every step."""
    rows = np.vstack([rows, rows[-1:]])
    hold = PiecewisePolynomial.ZeroOrderHold(h * np.arange(len(rows)), rows.T)
    builder.Connect(builder.AddSystem(TrajectorySource(hold)).get_output_port(), port)


def build(file, h, inputs):
    """The diagram, its plant and the file's tree."""
    builder = DiagramBuilder()
    plant, graph = AddMultibodyPlantSceneGraph(builder, h)
    tree, gains = adapted(file + ".xml", inputs)
    robot = Parser(plant).AddModelsFromString(xml.tostring(tree.getroot(), encoding="unicode"), "xml")[0]
    for i in plant.GetJointActuatorIndices(robot):
        actuator = plant.get_joint_actuator(i)
        if actuator.joint().name() in gains:
            actuator.set_controller_gains(PdControllerGains(*gains[actuator.joint().name()]))
    plant.Finalize()
    if inputs.any():
        if plant.num_actuated_dofs() != inputs.shape[1]:
            sys.exit("its parser makes %d of %d drives" % (plant.num_actuated_dofs(), inputs.shape[1]))
        if gains:
            connect(builder, plant.get_desired_state_input_port(robot), h, np.hstack([inputs, 0 * inputs]))
        else:
            connect(builder, plant.get_actuation_input_port(robot), h, inputs)
    diagram = builder.Build()
    moving = GeometrySet()
    inspector = graph.model_inspector()
    for i in inspector.GetAllGeometryIds(Role.kProximity):
        if inspector.GetFrameId(i) != inspector.world_frame_id():
            moving.Add(i)
    graph.collision_filter_manager().Apply(CollisionFilterDeclaration().ExcludeWithin(moving))
    return diagram, plant, tree


def place(plant, context, tree, q, v):
    """Sets the start from q and v, which are in the order of the file and in MuJoCo's conventions."""
    to_q, to_v = plant.GetPositions(context), plant.GetVelocities(context)
    free = {plant.get_joint(i).child_body().name(): plant.get_joint(i) for i in plant.GetJointIndices()}
    i = k = 0
    for body in tree.iter("body"):
        for joint in body.findall("freejoint") + body.findall("joint"):
            kind = joint.get("type", "free")
            j = free[body.get("name")] if kind == "free" else plant.GetJointByName(joint.get("name"))
            a, b = j.position_start(), j.velocity_start()
            if kind == "free":
                to_q[a:a + 7] = np.hstack([q[i + 3:i + 7], q[i:i + 3]])
                turn = RotationMatrix(Quaternion(q[i + 3:i + 7]))
                to_v[b:b + 6] = np.hstack([turn.multiply(v[k + 3:k + 6]), v[k:k + 3]])
                i, k = i + 7, k + 6
            elif kind == "ball":
                if v[k:k + 3].any():
                    sys.exit("a ball joint starts with a velocity")
                to_q[a:a + 3] = RollPitchYaw(Quaternion(q[i:i + 4])).vector()
                i, k = i + 4, k + 3
            else:
                to_q[a], to_v[b] = q[i], v[k]
                i, k = i + 1, k + 1
    plant.SetPositions(context, to_q)
    plant.SetVelocities(context, to_v)


def main(what, file, seconds):
    logging.getLogger("drake").setLevel(logging.ERROR)  # what its parser ignores is said above
    tokens = open(file + ".txt").read().split()
    h, (nq, nv, nu, warm, run) = float(tokens[0]), map(int, tokens[1:6])
    rest = np.array(tokens[6:], float)
    q, v, inputs = rest[:nq], rest[nq:nq + nv], rest[nq + nv:].reshape(warm + run, nu)
    diagram, plant, tree = build(file, h, inputs)
    simulator = Simulator(diagram)
    context = simulator.get_mutable_context()
    mine = plant.GetMyMutableContextFromRoot(context)
    place(plant, mine, tree, q, v)
    simulator.Initialize()
    # An update at the time 0 is a step too. Ending half a step early, no rounding decides whether the last is taken.
    simulator.AdvanceTo(max(0, (warm - 0.5) * h))
    start = context.Clone()
    us, end = [], time.thread_time() + seconds
    while len(us) < (3 if what == "step" else 1) or time.thread_time() < end:
        context.SetTimeStateAndParametersFrom(start)
        simulator.Initialize()
        t = time.thread_time()
        simulator.AdvanceTo((warm + run - 0.5) * h)
        us.append(1e6 * (time.thread_time() - t) / run)
    report = {"what": what, "version": version("drake"), "dof": plant.num_velocities(), "us": us}
    if what == "end":
        report["us"] = [min(us)]
        bodies = [plant.GetBodyByName(body.get("name")) for body in tree.iter("body")]
        report["positions"] = [x for b in bodies for x in b.EvalPoseInWorld(mine).multiply(b.default_com())]
    print(json.dumps(report))


if __name__ == "__main__":
    if len(sys.argv) != 5 or sys.argv[1] not in ("step", "end"):
        sys.exit("Drake is measured for steps and ends alone")
    try:
        main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
    except Exception as e:  # one line: what the table says of it
        sys.exit("%s: %s" % (type(e).__name__, str(e).split("\n")[0]))
