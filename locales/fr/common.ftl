# Ce que toutes les pages partagent : cadre, menus, champs, règles en clair, erreurs.

## Cadre

service-name = Passage
service-line = Les rendez-vous de la préfecture, à tour de rôle
skip-to-content = Aller au contenu
languages = Langues
main-menu = Menu principal
menu-home = Accueil
menu-status = Suivre ma demande
menu-help = Aide
menu-legal = Vos droits
menu-staff = Accès des agents
menu-overview = Aujourd'hui
menu-counter = Comptoir
menu-entries = Demandes
menu-identities = Identités
menu-objections = Contestations
menu-letters = Courriers
menu-outbox = Envois
menu-slots = Créneaux
menu-draws = Tirages
menu-priorities = Priorités
sign-out = Se déconnecter
footer-free = Ce service est gratuit. Aucune place ne peut être vendue ni achetée.
demo-notice = Version d'essai : personnes et rendez-vous fictifs.
demo-clock = Date du service :
back-home = Retour à l'accueil

free-and-no-sale = L'inscription est gratuite, du début à la fin. Aucune place ne peut être vendue ni achetée : le rendez-vous est à votre nom. Si quelqu'un vous demande de l'argent, ne payez pas et dites-le à la préfecture.
no-hurry = Inutile de vous presser : s'inscrire à une heure ou à une autre de la journée ne change rien.
not-a-recepisse = Cette page n'est pas un récépissé. Elle ne donne aucun droit au séjour ni au travail. Elle prouve la date de votre inscription.

## Formulaires

faults-title = À corriger
faults-short = À corriger
field-birth-name = Nom de naissance
field-birth-name-hint = Comme sur votre document. Si vous n'avez qu'un seul nom, écrivez-le ici.
field-given-names = Prénoms
field-given-names-hint = Comme sur votre document. Laissez vide si vous n'en avez pas.
field-birth-date = Date de naissance
field-birth-date-hint = Par exemple : 05/01/1990. Jour ou mois inconnu : 00, par exemple 00/00/1990.
field-foreigner-number = Numéro étranger (facultatif)
field-foreigner-number-hint = 10 chiffres, ou 9 sur un ancien titre. Il est sur votre titre de séjour ou votre visa.
field-document-country = Pays du document (facultatif)
field-document-country-hint = Le nom du pays, ou les 3 lettres du passeport. Par exemple : Maroc, ou MAR.
field-document-number = Numéro du document (facultatif)
field-document-number-hint = Passeport, carte consulaire ou acte de naissance.
field-phone = Téléphone (facultatif)
field-phone-hint = Un mobile, pour recevoir des SMS. Numéro étranger : commencez par +.
field-email = Adresse électronique (facultatif)
field-email-hint = Par exemple : nom@exemple.fr
field-language = Langue des messages
field-reference = Référence de la demande
field-reference-hint = 9 lettres et chiffres. Par exemple : K7M4-2QXN-T
field-deadline = Date d'échéance (facultatif)
field-deadline-required = Date d'échéance
field-deadline-hint = Par exemple : 31/12/2027
field-deadline-kind = Qu'est-ce qui se termine à cette date ?
deadline-kind-permit-expiry = Mon titre de séjour
deadline-kind-other = Une autre échéance officielle
field-sites = Où pouvez-vous venir ?
field-sites-hint = Cochez tous les lieux possibles.
field-weekdays = Quels jours ?
usual-lead = Quand les rendez-vous ont lieu d'habitude :
usual-line = { $site } : { $when }
usual-morning = le matin ({ $days })
usual-afternoon = l'après-midi ({ $days })
usual-all-day = toute la journée ({ $days })
field-halves = Le matin ou l'après-midi ?
half-morning = Le matin
half-afternoon = L'après-midi
field-notice-days = Combien de jours avant faut-il vous prévenir ?
field-notice-days-hint = En plus du minimum de la file, si vous en avez besoin. Un nombre de 0 à 60.
field-not-before = Pas avant le (facultatif)
field-not-before-hint = Si vous ne pouvez venir qu'à partir d'un certain jour.
field-absences = Absences (facultatif)
field-absences-hint = Trois périodes au plus où vous ne pouvez pas venir. Écrivez le premier et le dernier jour.
field-absence-from = Du
field-absence-to = Au (compris)

## Durées et nombres

duration-hours = { $n } { $n ->
        [0] heure
        [one] heure
       *[other] heures
    }
duration-minutes = { $n } { $n ->
        [one] minute
       *[other] minutes
    }
desk-name = Guichet { $number }
draw-name = Tirage n° { $number }

## Règles en clair

mode-lottery = Tirage au sort, à chances égales.
mode-arrival = Par jour d'inscription : les premiers inscrits passent d'abord.
mode-seniority = Tirage au sort. Les chances augmentent avec l'attente.
mode-guarantee = Tirage au sort. Les chances augmentent avec l'attente, puis une place est garantie.

rule-mode = Qui passe
rule-mode-lottery = Un tirage au sort décide. Chacun a les mêmes chances.
rule-mode-arrival = Les personnes inscrites un jour passent avant celles des jours suivants. Entre personnes du même jour, le sort décide.
rule-mode-seniority = Un tirage au sort décide. Chaque tirage sans rendez-vous ajoute { $step } à votre poids, qui est de 1 au début et de { $cap } au plus : plus il est grand, plus vous avez de chances.
rule-mode-guarantee = Un tirage au sort décide. Chaque tirage sans rendez-vous ajoute { $step } à votre poids, qui est de 1 au début et de { $cap } au plus : plus il est grand, plus vous avez de chances. Après { $draws } { $draws ->
        [one] tirage
       *[other] tirages
    } sans rendez-vous, vous passez avant ceux qui ont attendu moins.
rule-first = Qui passe avant tous
rule-first-text = Les personnes à qui la préfecture a repris un rendez-vous. Puis celles que deux agents ont jugées prioritaires, pour une raison écrite : chaque tirage dit combien.
rule-reserve = Places réservées
rule-reserve-seats = Réserve { $label } : { $number } { $number ->
        [one] place
       *[other] places
    } à chaque tirage, servies d'abord.
rule-reserve-percent = Réserve { $label } : { $number } % des places de chaque tirage, servies d'abord.
rule-lead = De la liste au tirage
rule-lead-text = La liste est fermée { $duration } avant le tirage. Ensuite, plus personne ne peut la changer.
rule-notice = Délai minimum
rule-notice-text = Un rendez-vous est donné au moins { $days } { $days ->
        [one] jour
       *[other] jours
    } à l'avance.
rule-horizon = Délai maximum
rule-horizon-text = Un rendez-vous est donné au plus { $days } jours à l'avance.
rule-public = Les places publiées
rule-public-text = { $hours ->
        [0] Une place peut être publiée jusqu'à la fermeture de la liste qui la prend.
        [one] Une place est publiée au moins 1 heure avant la fermeture de la liste qui la prend. Jusque-là, vous pouvez changer vos disponibilités.
       *[other] Une place est publiée au moins { $hours } heures avant la fermeture de la liste qui la prend. Jusque-là, vous pouvez changer vos disponibilités.
    }
rule-survival = Quand un tirage compte
rule-survival-text = Un tirage augmente votre ancienneté si vous pouviez accepter au moins { $percent } % de ses places, et une au moins. Si vous n'acceptez que peu de rendez-vous, vous restez dans la liste, mais ces tirages n'ajoutent rien à votre ancienneté.
rule-few = Les places pour peu de personnes
rule-few-text = { $percent ->
        [0] La préfecture publie les places sans demander une deuxième personne.
       *[other] Quand au moins { $people } personnes attendent, des places que moins de { $percent } % d'entre elles pourraient accepter ne sont publiées qu'avec l'accord d'une deuxième personne. Le tirage dit combien pouvaient les accepter.
    }
rule-window = Quand s'inscrire
rule-window-text = L'inscription ouvre { $opens ->
        [one] la veille de
       *[other] { $opens } jours avant
    } votre échéance. En ligne, elle est possible { $until ->
    [0] jusqu'à ce jour-là
    [1] jusqu'à la veille
   *[other] jusqu'à { $until } jours avant
}. Plus tard, un agent peut encore vous inscrire, au guichet ou par téléphone.
rule-give-back = Rendre un rendez-vous
rule-give-back-text = { $hours ->
        [0] Jusqu'à l'heure du rendez-vous
        [one] Jusqu'à une heure avant
       *[other] Jusqu'à { $hours } heures avant
    }, rendre un rendez-vous est gratuit. La première fois, vous gardez votre ancienneté. Ensuite, elle repart de zéro. La place rendue va à un tirage suivant, jamais à une personne choisie.
rule-late = Annuler tard
rule-late-text = { $hours ->
        [0] Rien n'est tard avant l'heure du rendez-vous.
        [one] Moins d'une heure avant : { $cost }
       *[other] Moins de { $hours } heures avant : { $cost }
    }
rule-miss = Ne pas venir
rule-miss-text = Rendez-vous manqué : { $cost }
penalty-close = la demande est fermée. Vous pouvez vous inscrire de nouveau.
penalty-pause = vous attendez de nouveau, votre ancienneté repart de zéro, et vous n'êtes dans aucun tirage pendant { $days } { $days ->
        [one] jour
       *[other] jours
    }.
rule-objection = Contester
rule-objection-text = Un rendez-vous manqué ou rendu tard n'a de suite que { $days } jours après que vous en êtes prévenu ou prévenue. Pendant ce temps, vous pouvez contester. Une contestation suspend tout jusqu'à la décision d'un agent.
rule-scope = Une demande par personne
rule-scope-installation = Une personne peut avoir une seule demande pour cette démarche, toutes préfectures de ce service ensemble.
rule-scope-prefecture = Une personne peut avoir une seule demande pour cette démarche dans cette préfecture.
rule-identity = Identité
rule-identity-verified = Seules les demandes dont l'identité est vérifiée entrent dans les tirages. Sans vérification, une demande est fermée après { $days } jours, et son titulaire est prévenu deux fois avant.
rule-identity-declared = Une demande dont l'identité n'est pas encore vérifiée entre aussi dans les tirages. Sans vérification, elle est fermée après { $days } jours, et son titulaire est prévenu deux fois avant.
rule-retention = Données personnelles
rule-retention-text = Elles sont effacées { $days } jours après la fin de la demande.

## Ce que vaut le hasard d'un tirage

source-title = D'où vient le hasard
source-commit = Engagement de l'opérateur : le hasard vient d'un secret que l'opérateur du service choisit et scelle avant que la liste soit fermée. Le calcul peut être refait par tous. Mais que l'opérateur n'a pas regardé ni choisi ce secret à son avantage, cela repose sur sa seule parole.
source-commit-short = Le hasard de ces tirages vient d'un engagement de l'opérateur : il repose sur sa seule parole.
source-drand = Hasard public : il vient du réseau drand, à un moment annoncé à l'avance. Personne ne peut le connaître avant, ni le choisir. Le calcul peut être refait par tous.
source-value = Annoncé d'avance :

## Erreurs

problem-reference = Si vous nous écrivez, donnez cette référence :
problem-not-found-title = Page introuvable
problem-not-found-text = Cette page n'existe pas, ou n'existe plus.
problem-not-found-advice = Vérifiez l'adresse, ou repartez de l'accueil.
problem-forbidden-title = Accès refusé
problem-forbidden-text = Cette page est réservée aux responsables.
problem-forbidden-advice = Demandez à un responsable de votre préfecture.
problem-expired-title = Page trop ancienne
problem-expired-text = Ce formulaire est resté ouvert trop longtemps, ou vient d'ailleurs. Rien n'a été enregistré.
problem-expired-advice = Revenez à la page, rechargez-la et recommencez.
problem-bad-request-title = Demande incomprise
problem-bad-request-text = Nous n'avons pas compris ce que votre navigateur a envoyé. Rien n'a été enregistré.
problem-bad-request-advice = Revenez à la page, rechargez-la et recommencez.
problem-refused-title = Ce n'est pas possible
problem-refused-advice = Rien n'a été changé. Vous pouvez revenir en arrière.
problem-invalid-title = À corriger
problem-invalid-text = Quelque chose ne va pas dans le formulaire. Rien n'a été enregistré.
problem-invalid-advice = Revenez en arrière, corrigez et recommencez.
problem-too-many-title = Trop de demandes
problem-too-many-text = Trop de pages ont été demandées depuis votre connexion. Attendez { $wait }, puis recommencez.
problem-too-many-registrations = Trop d'inscriptions sont venues de votre connexion. Rien de ce que vous avez écrit n'est perdu : attendez { $wait }, puis envoyez à nouveau.
problem-too-many-registrations-around = Trop d'inscriptions arrivent en ce moment, dont beaucoup par votre opérateur d'accès à internet. Rien de ce que vous avez écrit n'est perdu : attendez { $wait }, puis envoyez à nouveau. Vous pouvez aussi vous inscrire par téléphone ou au guichet : votre place sera la même.
problem-too-many-look-ups-around = Trop de recherches échouent en ce moment, dont beaucoup par votre opérateur d'accès à internet. Vous n'y êtes peut-être pour rien. Attendez { $wait }, puis recommencez, ou demandez à la préfecture.
problem-too-many-look-ups = Trop de recherches ont échoué depuis votre connexion. Attendez { $wait }, puis recommencez.
problem-too-many-reference-here = Trop d'essais ont échoué avec cette référence, depuis votre connexion. Attendez { $wait }, puis recommencez.
problem-too-many-entry = Trop d'actions ont été faites sur cette demande. Attendez { $wait }, puis recommencez.
problem-too-many-sign-ins = Trop d'essais de connexion ont échoué depuis votre réseau, avec plusieurs identifiants. Attendez { $wait }, puis recommencez.
problem-too-many-login-here = Trop d'essais ont échoué avec cet identifiant, depuis votre connexion. Attendez { $wait }, puis recommencez.
problem-too-many-login-browser = Trop d'essais ont échoué avec cet identifiant, dans ce navigateur. Attendez { $wait }, puis recommencez.
problem-too-many-login = Trop d'essais ont échoué avec cet identifiant, depuis plusieurs endroits. Attendez { $wait }, ou connectez-vous depuis un navigateur que vous utilisez d'habitude.
problem-too-many-reference = Trop d'essais ont échoué avec cette référence, depuis plusieurs endroits. Votre connexion n'y est peut-être pour rien. Attendez { $wait }, puis recommencez.
page-previous = Page précédente
page-next = Suite
wait-minutes = { $n } { $n ->
        [one] minute
       *[other] minutes
    }
wait-hours = { $n } heures
problem-too-many-advice = Vous ne perdez rien : être rapide n'avance à rien. Si c'est urgent, demandez à la préfecture.
problem-internal-title = Une panne de notre côté
problem-internal-text = Quelque chose n'a pas marché chez nous. Ce n'est pas votre faute.
problem-internal-advice = Recommencez dans quelques minutes. Envoyer deux fois le même formulaire ne crée pas deux demandes.
problem-method-title = Demande incomprise
problem-method-text = Cette page ne s'ouvre pas de cette façon.
problem-method-advice = Repartez de l'accueil.
problem-too-large-title = Envoi trop gros
problem-too-large-text = Ce que vous avez envoyé est trop gros. Rien n'a été enregistré.
problem-too-large-advice = Envoyez moins à la fois.
problem-slow-title = Connexion trop lente
problem-slow-text = Votre envoi a pris trop de temps. Rien n'a été enregistré.
problem-slow-advice = Recommencez avec une meilleure connexion, ou demandez à la préfecture.
problem-unavailable-title = Service interrompu un moment
problem-unavailable-text = Le service ne peut ni lire ni enregistrer pour l'instant. Ce que vous venez d'envoyer n'est peut-être pas enregistré.
problem-unavailable-advice = Attendez un peu, puis revenez en arrière et envoyez de nouveau : le même formulaire envoyé deux fois ne crée pas deux demandes.
problem-busy-title = Service très occupé
problem-busy-text = Le service n'a pas pu répondre à temps.
problem-busy-advice = Recommencez dans quelques minutes. Envoyer deux fois le même formulaire ne crée pas deux demandes.
