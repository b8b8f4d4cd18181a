"""Who or what numbers count, and who or what they leave out: said once for all that share it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Population:
    """What is counted, and what is not although one might expect it. Voided records are never counted."""

    fr: str
    en: str
    without_fr: str
    without_en: str

    def counted(self, language: str) -> str:
        return self.en if language.startswith("en") else self.fr

    def left_out(self, language: str) -> str:
        return self.without_en if language.startswith("en") else self.without_fr


RECORDED = Population(
    fr="Ce que l’équipe a noté pour le jour de service.",
    en="What staff recorded for the service day.",
    without_fr="Les saisies annulées, en conflit, en attente ou mises de côté.",
    without_en="Records that were voided, or kept as in conflict, held or set aside.",
)
ARRIVALS = Population(
    fr="Les visites dont l’arrivée tombe dans le jour de service.",
    en="Visits whose arrival falls in the service day.",
    without_fr="Les refus à l’entrée; les interventions à l’extérieur.",
    without_en="People turned away at the door; responses outside.",
)
SERVICE_VISITS = Population(
    fr="Les visites arrivées dans le jour de service, avec une place prise ou une consommation notée.",
    en="Visits that arrived in the service day and took a booth or had a consumption recorded.",
    without_fr="Les départs sans consommer avant d’avoir une place, les refus à l’entrée, l’extérieur.",
    without_en="People who left before getting a booth, people turned away, everything outside.",
)
SEATED_VISITS = Population(
    fr="Les visites arrivées dans le jour de service qui ont une heure d’arrivée et une première place.",
    en="Visits that arrived in the service day with both an arrival and a first booth.",
    without_fr="Les visites qui n’ont jamais eu de place.",
    without_en="Visits that never had a booth.",
)
TURNED_AWAY = Population(
    fr="Les personnes refusées à l’entrée, notées une à une ou en nombre.",
    en="People turned away at the door, recorded one by one or as a number.",
    without_fr="Les personnes arrivées puis parties sans consommer.",
    without_en="People who arrived and then left without using.",
)
POSTED_HOURS = Population(
    fr="L’horaire du site, exceptions et fermetures notées comprises.",
    en="The site’s hours, with the exceptions and closures that were noted.",
    without_fr="Les fermetures que personne n’a notées.",
    without_en="Closures that nobody noted.",
)
BOOTH_STAYS = Population(
    fr="Les passages terminés à une place, au jour de service de l’arrivée de la visite.",
    en="Ended stays in a booth, on the service day of the visit’s arrival.",
    without_fr="Les passages pas encore terminés; l’aire de repos.",
    without_en="Stays that have not ended; the aftercare area.",
)
BOOTHS = Population(
    fr="Les places en service, pendant les heures d’ouverture du site.",
    en="Booths in use, during the site’s opening hours.",
    without_fr="Les places retirées. Une place hors service pour quelques heures compte encore.",
    without_en="Booths taken away. One that is out of order for a few hours still counts.",
)
PEOPLE = Population(
    fr="Les personnes venues avec un pseudonyme, une fois chacune.",
    en="People who came with a handle, once each.",
    without_fr="Les visites sans pseudonyme; les pseudonymes arrivés après la destruction de la clé.",
    without_en="Visits without a handle; handles that came after the key was destroyed.",
)
AGREEMENTS = Population(
    fr="Les personnes qui ont accepté que le site se souvienne d’elles.",
    en="People who agreed that the site remembers them.",
    without_fr="Les personnes qui n’ont pas fait d’entente, même si elles viennent depuis longtemps.",
    without_en="People who made no agreement, however long they have been coming.",
)
CONSUMPTIONS = Population(
    fr="Les consommations notées, à leur propre jour de service.",
    en="Recorded consumptions, on their own service day.",
    without_fr="Ce qui a été déclaré à l’arrivée sans être consommé ensuite.",
    without_en="What was declared at arrival and not used afterwards.",
)
EVERY_EVENT = Population(
    fr="Tous les événements du jour de service, quels que soient le lieu et la présentation, ouverts "
    "compris.",
    en="Every event of the service day, whatever its place and presentation, open ones included.",
    without_fr="Les fausses alertes, qui sont annulées.",
    without_en="False alarms, which are voided.",
)
CLOSED_EVENTS = Population(
    fr="Les événements fermés du jour de service, à l’intérieur ou à l’extérieur.",
    en="Closed events of the service day, inside or outside.",
    without_fr="Les événements encore ouverts : ils n’ont ni présentation ni issue.",
    without_en="Events still open: they have no presentation and no outcome.",
)
OVERDOSES = Population(
    fr="Les surdoses présumées fermées, à l’intérieur ou à l’extérieur.",
    en="Closed suspected overdoses, inside or outside.",
    without_fr="Toxicité des stimulants, autres urgences médicales, événements encore ouverts.",
    without_en="Stimulant toxicity, other medical emergencies, events still open.",
)
OVERDOSES_INSIDE = Population(
    fr="Les surdoses présumées fermées, à l’intérieur du site.",
    en="Closed suspected overdoses, inside the site.",
    without_fr="L’entrée, les abords et la rue; toxicité des stimulants, autres urgences, événements "
    "ouverts.",
    without_en="Entrance, surroundings and street; stimulant toxicity, other emergencies, open events.",
)
SITE_DOSES = Population(
    fr="Les doses de naloxone données par l’équipe ou une paire aidante du site, à tout événement.",
    en="Naloxone doses given by staff or a peer of the site, at any event.",
    without_fr="Les doses de l’ambulance, de la police, des pompiers et des témoins.",
    without_en="Doses by the ambulance, the police, fire fighters and bystanders.",
)
IMPORTED = Population(
    fr="Ce qui est entré par l’importation d’un registre passé, au jour de service où c’est arrivé.",
    en="What came in by importing a past register, on the service day it happened.",
    without_fr="Les importations annulées; les feuilles de papier saisies à la main.",
    without_en="Imports that were undone; paper sheets typed in by hand.",
)
